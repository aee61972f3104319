/**
 * Work on texts that a thread can do: plain data in, plain data out. Each is loaded when it is needed, so that declaring a
 * step costs nothing.
 */
export const textWorks = {
  findChartRepositories: async () =>
    (await import('../core/edit/chart-dependencies.ts')).findChartRepositories,
  findConfigFiles: async () => (await import('../core/edit/kustomization-files.ts')).findConfigFiles,
  findKustomizationFiles: async () =>
    (await import('../core/edit/kustomization-files.ts')).findKustomizationFiles,
  extractOutputs: async () => (await import('../core/extract/extract-outputs.ts')).extractOutputs,
  mergeYaml: async () => (await import('../core/edit/yaml-merge.ts')).mergeYaml,
  nameChartManifests: async () => (await import('../core/edit/chart-manifests.ts')).nameChartManifests,
  nameManifestTexts: async () => (await import('../core/edit/manifests.ts')).nameManifestTexts,
  readLockedVersions: async () => (await import('../core/edit/chart-dependencies.ts')).readLockedVersions,
  readYamlJson: async () => (await import('../core/extract/yaml-value.ts')).readYamlJson,
  setDependencyVersions: async () =>
    (await import('../core/edit/chart-dependencies.ts')).setDependencyVersions,
  setImages: async () => (await import('../core/edit/kustomization.ts')).setImages,
  updateJson: async () => (await import('../core/edit/json-update.ts')).updateJson,
  updateToml: async () => (await import('../core/edit/toml-update.ts')).updateToml,
  updateYaml: async () => (await import('../core/edit/yaml-update.ts')).updateYaml,
};

export type TextWork = keyof typeof textWorks;

type FunctionOf<W extends TextWork> = Awaited<ReturnType<(typeof textWorks)[W]>>;
export type ArgumentsOf<W extends TextWork> = Parameters<FunctionOf<W>>;
export type ResultOf<W extends TextWork> = ReturnType<FunctionOf<W>>;

/** Does a piece of work in this thread. Rejects with what it throws. */
export async function doTextWork<W extends TextWork>(work: W, args: ArgumentsOf<W>): Promise<ResultOf<W>> {
  const loading = loaded.get(work) ?? textWorks[work]();
  loaded.set(work, loading);
  const run = (await loading) as (...given: ArgumentsOf<W>) => ResultOf<W>;
  return run(...args);
}

const loaded = new Map<TextWork, Promise<unknown>>();

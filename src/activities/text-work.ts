/**
 * Work on texts that a thread can do: plain data in, plain data out. Each is loaded when it is needed, so that declaring a
 * step costs nothing.
 */
export const textWorks = {
  extractOutputs: async () => (await import('../core/extract/extract-outputs.ts')).extractOutputs,
  mergeYaml: async () => (await import('../core/edit/yaml-merge.ts')).mergeYaml,
  readYamlJson: async () => (await import('../core/extract/yaml-value.ts')).readYamlJson,
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
  const run = (await textWorks[work]()) as unknown as (...given: ArgumentsOf<W>) => ResultOf<W>;
  return run(...args);
}

import {
  openRegistry,
  pushImage,
  pushIndex,
  readTags,
  type TestImage,
  type TestRegistry,
} from './registry.ts';
import type { Bindings } from './step-case-match.ts';

/** What lies in the registry of a case. */
export interface CaseArtifacts {
  readonly images?: Readonly<Record<string, TestImage>>;
  readonly indexes?: Readonly<Record<string, readonly TestImage[]>>;
}

/** One registry for all cases, each below a prefix of its own; started by the first one that needs it. */
export interface CaseRegistries {
  open(artifacts: CaseArtifacts, bindings: Bindings): Promise<CaseRegistry>;
  close(): Promise<void>;
}

export interface CaseRegistry {
  /** Tags that are new or were moved since it was opened. */
  changes(): Promise<Readonly<Record<string, unknown>>>;
}

export function createCaseRegistries(): CaseRegistries {
  let started: Promise<TestRegistry> | undefined;
  let count = 0;
  return {
    async open(artifacts, bindings) {
      const registry = await (started ??= openRegistry());
      const prefix = `case${(count += 1)}`;
      bindings.set('<registry>', `${registry.host}/${prefix}`);
      await fill(registry, prefix, artifacts, bindings);
      const before = await readTags(registry, prefix);
      return {
        async changes() {
          const after = Object.entries(await readTags(registry, prefix));
          return Object.fromEntries(
            after.filter(([tag, what]) => JSON.stringify(before[tag]) !== JSON.stringify(what)),
          );
        },
      };
    },
    close: async () => (await started?.catch(() => undefined))?.close(),
  };
}

async function fill(
  registry: TestRegistry,
  prefix: string,
  { images = {}, indexes = {} }: CaseArtifacts,
  bindings: Bindings,
): Promise<void> {
  for (const [reference, image] of Object.entries(images)) {
    const [repository, tag] = split(reference);
    bindings.set(`<digest:${reference}>`, await pushImage(registry, `${prefix}/${repository}`, image, tag));
  }
  for (const [reference, platforms] of Object.entries(indexes)) {
    const [repository, tag] = split(reference);
    for (const [platform, digest] of await pushIndex(registry, `${prefix}/${repository}`, platforms, tag))
      bindings.set(`<digest:${reference}${platform && `/${platform}`}>`, digest);
  }
}

function split(reference: string): readonly [string, string] {
  const at = reference.lastIndexOf(':');
  return [reference.slice(0, at), reference.slice(at + 1)];
}

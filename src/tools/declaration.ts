import type { Platform } from './platform.ts';

/** What Gantry knows about one binary: which version it wants and every way to get it. */
export interface ToolDeclaration {
  readonly name: string;
  /** The version that is downloaded or built; for a tool that only PATH provides, the oldest that will do. */
  readonly pin: string;
  /** Says whether another version found on PATH will do as well. */
  readonly accepts: (version: string) => boolean;
  readonly versionArgs: readonly string[];
  /** Finds the version in what `versionArgs` prints; group 1. */
  readonly versionPattern: RegExp;
  readonly release?: Release;
  readonly build?: Build;
  /** How people install it themselves, for the error when nothing else worked. */
  readonly install: string;
}

/** The publisher's own release of the pinned version: a .tar.gz with the binary as one member. */
export interface Release {
  /** Everything before the file name, without a slash at the end. */
  readonly base: string;
  readonly archive: (platform: Platform) => string;
  readonly member: (platform: Platform) => string;
  /** The publisher's own list of SHA-256 sums of this release; one sum and file name per line. */
  readonly checksums: (platform: Platform) => string;
  /** Sums from a list published elsewhere, by archive name; trusted before `checksums`. */
  readonly published?: Readonly<Record<string, string>>;
}

/** A build with Go from a wrapper module, which pins every dependency. */
export interface Build {
  readonly package: string;
  /** `-X` values that make the binary print its version. */
  readonly stamps: readonly string[];
  /** Folder of the wrapper module below `tools`; default the name of the tool. */
  readonly wrapper?: string;
  /** Build tags. */
  readonly tags?: readonly string[];
  /** Parts of it are written in C: a C compiler is needed, too. */
  readonly needsCompiler?: true;
  /** What the binary reads when it runs: folders of its own module, kept beside it. */
  readonly resources?: { readonly module: string; readonly folders: readonly string[] };
}

/** The numbers of a version: `v1.5.1` is [1, 5, 1]. */
export function versionNumbers(version: string): readonly number[] {
  return (/\d+(\.\d+)*/.exec(version)?.[0] ?? '').split('.').map(Number);
}

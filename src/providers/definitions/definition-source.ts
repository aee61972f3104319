import { createHash } from 'node:crypto';
import type { DefinitionFile } from '../../core/definitions/read-definitions.ts';
import type { GitOptions } from '../git/git.ts';
import { openFolder } from './folder.ts';
import { openRepository } from './repository.ts';

/** Where definitions are read from: one contract, a folder or a Git repository behind it. */
export interface DefinitionSource {
  /** As people wrote it; never holds a password. */
  readonly name: string;
  /**
   * All YAML and JSON files as they are now, sorted by name, and which version that is: a commit, or the SHA-256 of the
   * files. Rejects when the source cannot be read; the signal's reason after an abort.
   */
  read(signal: AbortSignal): Promise<DefinitionFiles>;
  /** Removes what was kept for the next read. */
  close(): Promise<void>;
}

export interface DefinitionFiles {
  readonly files: readonly DefinitionFile[];
  readonly revision: string;
}

export interface SourceOptions {
  /** What a relative folder is relative to. */
  readonly cwd: string;
  /** A private folder for what a repository is fetched into; made when needed, removed by `close`. */
  readonly home: string;
  /** How Git repositories are reached. */
  readonly git: Pick<GitOptions, 'binary' | 'credentials' | 'environment' | 'protocols' | 'config'>;
}

/**
 * Opens what a setting names: a folder, or a Git repository with `?ref=` (branch, tag or commit) and `?path=` (folder in
 * it). Nothing is read yet. Throws when a repository's address cannot be one.
 */
export function openDefinitionSource(spec: string, options: SourceOptions): DefinitionSource {
  const isRepository = /^(https?|ssh|file):\/\//i.test(spec) || /^[\w.-]+@[\w.-]+:/.test(spec);
  return isRepository ? openRepository(spec, options) : openFolder(spec, options.cwd);
}

/** SHA-256 over names and contents, in 64 hexadecimal digits. */
export function hashFiles(files: readonly DefinitionFile[]): string {
  const hash = createHash('sha256');
  for (const { name, text } of files) hash.update(JSON.stringify([name, text]));
  return hash.digest('hex');
}

import type { DefinitionSource } from './definition-files.ts';
import { openFolder } from './folder.ts';
import { openRepository, type RepositoryOptions } from './repository.ts';

export type { DefinitionFiles, DefinitionSource } from './definition-files.ts';

export interface SourceOptions extends RepositoryOptions {
  /** What a relative folder is relative to. */
  readonly cwd: string;
}

/**
 * Opens what a setting names: a folder, or a Git repository with `?ref=` (branch, tag or commit) and `?path=` (folder in
 * it). Nothing is read yet. Throws when a repository's address cannot be one.
 */
export function openDefinitionSource(spec: string, options: SourceOptions): DefinitionSource {
  const isRepository = /^(https?|ssh|file):\/\//i.test(spec) || /^[\w.-]+@[\w.-]+:/.test(spec);
  return isRepository ? openRepository(spec, options) : openFolder(spec, options.cwd);
}

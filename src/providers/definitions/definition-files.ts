import { createHash } from 'node:crypto';
import type { DefinitionFile } from '../../core/definitions/read-definitions.ts';

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

/** SHA-256 over names and contents, in 64 hexadecimal digits. */
export function hashFiles(files: readonly DefinitionFile[]): string {
  const hash = createHash('sha256');
  for (const { name, text } of files) hash.update(JSON.stringify([name, text]));
  return hash.digest('hex');
}

/** What a definition source may hold. Beyond it somebody named the wrong folder. */
export const limits = {
  files: 5_000,
  /** Bytes of one file; the rest is cut off, and the reader of definitions says what that means. */
  file: 4 * 1024 * 1024,
  /** Bytes of all files. */
  total: 32 * 1024 * 1024,
} as const;

/** Says whether a file can hold definitions, by its name. */
export function isDefinitionFile(name: string): boolean {
  return /\.(ya?ml|json)$/i.test(name) && !isHidden(name);
}

/** Hidden folders and installed packages hold nobody's definitions. */
export function isHidden(path: string): boolean {
  return path.split('/').some((part) => part.startsWith('.') || part === 'node_modules');
}

/** Fails when there is more than anybody's definitions would be. */
export function checkLimits(source: string, files: number, bytes: number): void {
  const hint = 'name the folder that holds the definitions alone';
  if (files > limits.files)
    throw new Error(`definitions ${source}: more than ${limits.files} YAML and JSON files; ${hint}`);
  if (bytes > limits.total)
    throw new Error(`definitions ${source}: more than ${limits.total >> 20} MiB of YAML and JSON; ${hint}`);
}

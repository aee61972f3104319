import { copyFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workspace } from './define-step.ts';

export interface HelmValues {
  readonly valuesFiles?: readonly string[];
  readonly ignoreMissingValueFiles?: boolean;
  readonly setValues?: readonly SetValue[];
}

interface SetValue {
  readonly key: string;
  readonly value: string;
  readonly literal?: boolean;
}

/** Options for helm, and names of private files as the user knows them, for messages. */
export interface ValueOptions {
  readonly args: readonly string[];
  readonly names: ReadonlyMap<string, string>;
}

/**
 * The options that give a chart its values: files in order, then single values. Texts go through private files in
 * `scratch`, so that a secret shows in no list of processes. Rejects with an Error that names files that are not there.
 */
export async function writeHelmValues(
  { valuesFiles = [], ignoreMissingValueFiles = false, setValues = [] }: HelmValues,
  workspace: Workspace,
  scratch: string,
): Promise<ValueOptions> {
  const names = new Map<string, string>();
  const missing: string[] = [];
  const args: string[] = [];
  for (const [index, path] of valuesFiles.entries()) {
    const file = await workspace.resolve(path);
    if (!(await isFile(file))) {
      missing.push(path);
      continue;
    }
    // Under a name of ours: helm reads some names as lists or addresses.
    const copy = join(scratch, `values-${index}.yaml`);
    await copyFile(file, copy);
    names.set(copy, path);
    args.push(`--values=${copy}`);
  }
  if (missing.length > 0 && !ignoreMissingValueFiles)
    throw new Error(`valuesFiles: no such file: ${missing.map((path) => `"${path}"`).join(', ')}`);
  const single = await Promise.all(
    setValues.map((one, index) => setOption(one, setValues, join(scratch, `value-${index}`))),
  );
  // As in helm, literal values win over others, whatever their order.
  const sorted = single.sort((a, b) => a.rank - b.rank).map(({ option }) => option);
  return { args: [...args, ...sorted], names };
}

async function setOption(
  one: SetValue,
  all: readonly SetValue[],
  file: string,
): Promise<{ readonly rank: number; readonly option: string }> {
  const { key, value, literal = false } = one;
  const isShown = /[=,\\]/.test(key) || !(literal || (isPlainText(value) && isAlone(one, all)));
  if (isShown && literal) return { rank: 3, option: `--set-literal=${key}=${value}` };
  if (isShown) return { rank: 0, option: `--set=${key}=${value}` };
  await writeFile(file, value, { mode: 0o600 });
  return { rank: literal ? 2 : 1, option: `--set-file=${key}=${file}` };
}

/** Text that `--set` takes as it stands, no matter what kind of value is wanted. */
function isPlainText(value: string): boolean {
  return value !== '' && !/[,\\]|^\{|^(?:true|false|null|[+-]?\d+)$/.test(value);
}

/** No other value of its kind goes to the same place, so order does not matter. */
function isAlone(one: SetValue, all: readonly SetValue[]): boolean {
  const root = rootOf(one.key);
  return all.every((other) => other === one || other.literal === true || rootOf(other.key) !== root);
}

function rootOf(key: string): string {
  return key.replace(/[.[].*$/s, '');
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}

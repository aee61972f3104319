import { createHash } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { packTar, unpackTar, type CaseArchive } from './tar.ts';

/** A file as recorded cases write it; null deletes it. */
export type CaseFile =
  | string
  | null
  | { text: string; mode?: string }
  | { base64: string }
  | { repeat: string; count: number }
  | { symlink: string }
  | { tar: CaseArchive }
  | { dir: true };

/** What lies at a path: kind, content and permissions. */
export interface Entry {
  readonly kind: 'file' | 'link' | 'folder';
  readonly content: Buffer;
  readonly mode: string;
}

/** Writes the files of a case under a folder. */
export function writeCaseFiles(root: string, files: Readonly<Record<string, CaseFile>>): void {
  for (const [name, file] of Object.entries(files)) writeCaseFile(join(root, name), file);
}

/** Every file, link and empty folder under a root by path; `.git` of work trees and the private folder are left out. */
export function readTree(root: string, without: readonly string[] = []): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  const visit = (folder: string): void => {
    for (const name of readdirSync(join(root, folder))) {
      const path = folder ? `${folder}/${name}` : name;
      if (isGitDir(root, path) || without.includes(path)) continue;
      const entry = readEntry(join(root, path));
      const isFull = entry.kind === 'folder' && readdirSync(join(root, path)).length > 0;
      if (entry.kind === 'folder') visit(path);
      if (!isFull) entries.set(path, entry);
    }
  };
  visit('');
  return entries;
}

/** Paths whose entry is not the same before and after, an empty folder that was filled left out. */
export function changedPaths(
  before: ReadonlyMap<string, Entry>,
  after: ReadonlyMap<string, Entry>,
): readonly string[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  const isFilled = (path: string) => [...after.keys()].some((other) => other.startsWith(`${path}/`));
  return paths
    .filter((path) => describeEntry(before.get(path)) !== describeEntry(after.get(path)))
    .filter((path) => before.get(path)?.kind !== 'folder' || after.has(path) || !isFilled(path));
}

/** The entry in the form the case uses for it. */
export function entryAs(expected: unknown, entry: Entry | undefined): unknown {
  if (!entry) return null;
  if (entry.kind === 'folder') return { dir: true };
  if (entry.kind === 'link') return { symlink: entry.content.toString() };
  if (typeof expected === 'object' && expected !== null && 'sha256' in expected) {
    return { sha256: createHash('sha256').update(entry.content).digest('hex'), size: entry.content.length };
  }
  if (typeof expected === 'object' && expected !== null && 'tar' in expected)
    return { tar: unpackTar(entry.content) };
  return entry.content.toString();
}

function isGitDir(root: string, path: string): boolean {
  if (!/(^|\/)\.git$/.test(path)) return false;
  const isFolder = lstatSync(join(root, path)).isDirectory();
  return !isFolder || readdirSync(join(root, path)).includes('HEAD');
}

function writeCaseFile(path: string, file: CaseFile): void {
  if (file === null) return rmSync(path, { recursive: true, force: true });
  mkdirSync(dirname(path), { recursive: true });
  if (typeof file === 'string') return writeFileSync(path, file);
  if ('dir' in file) return void mkdirSync(path, { recursive: true });
  if ('symlink' in file) return symlinkSync(file.symlink, path);
  if ('tar' in file) return writeFileSync(path, packTar(file.tar));
  if ('base64' in file) return writeFileSync(path, Buffer.from(file.base64, 'base64'));
  if ('repeat' in file) return writeFileSync(path, file.repeat.repeat(file.count));
  writeFileSync(path, file.text);
  if (file.mode) chmodSync(path, Number.parseInt(file.mode, 8));
}

function readEntry(path: string): Entry {
  const stat = lstatSync(path);
  const mode = (stat.mode & 0o7777).toString(8).padStart(4, '0');
  if (stat.isSymbolicLink()) return { kind: 'link', content: Buffer.from(readlinkSync(path)), mode };
  if (stat.isDirectory()) return { kind: 'folder', content: Buffer.alloc(0), mode };
  return { kind: 'file', content: readFileSync(path), mode };
}

function describeEntry(entry: Entry | undefined): string {
  return entry
    ? `${entry.kind} ${entry.content.toString('base64')} ${entry.kind === 'file' ? entry.mode : ''}`
    : '';
}

import type { Ignores } from '../../core/glob/ignore.ts';

/** What an archive says of one of its entries. */
export interface ArchiveEntry {
  readonly path: string;
  readonly type: string;
  /** Target of a link. */
  readonly link: string;
}

/** What becomes of an entry: where it goes, in the folder that is filled, or why it does not; links are made in the end. */
export type Fate = { readonly path: string } | { readonly refused: string } | 'kept back';

export interface AdmissionRules {
  /** How many leading parts of each path go. */
  readonly strip: number;
  readonly ignores: Ignores;
}

/** Decides entry by entry, in the order of the archive. */
export interface Admission {
  /**
   * A path that is admitted stays in the folder, and no part of it is a link: one that leads through a link of the archive
   * is given as where that link leads.
   */
  readonly admit: (entry: ArchiveEntry) => Fate;
  /** Targets of the links by path; all stay in the folder of their link. To be made when everything else is there. */
  readonly links: ReadonlyMap<string, string>;
}

export function createAdmission({ strip, ignores }: AdmissionRules): Admission {
  const links = new Map<string, string>();
  const admit = ({ path, type, link }: ArchiveEntry): Fate => {
    if (!kinds.has(type)) return { refused: `a ${type} is neither file nor folder nor symbolic link` };
    const isFolder = type === 'Directory';
    const parts = readParts(path, strip);
    if (typeof parts === 'string') return { refused: parts };
    if (parts.length === 0 || isIgnored(parts, isFolder, ignores)) return 'kept back';
    const place = follow(parts, links, isFolder);
    if (place === undefined) return { refused: 'its path leads through links in a circle' };
    const name = place.join('/');
    links.delete(name);
    if (type === 'SymbolicLink') {
      if (isUnsafe(link) || link === '') return { refused: 'its target leads out of its folder' };
      links.set(name, link);
      return 'kept back';
    }
    return { path: name };
  };
  return { admit, links };
}

const kinds: ReadonlySet<string> = new Set([
  'File',
  'OldFile',
  'ContiguousFile',
  'Directory',
  'SymbolicLink',
]);

/** Parts of a path behind those that are stripped, or why it is refused. */
function readParts(path: string, strip: number): readonly string[] | string {
  if (isUnsafe(path)) return 'its path leads out of the archive';
  const parts = path.replace(/\/+$/, '').split('/').slice(strip);
  return parts.filter((part) => part !== '' && part !== '.');
}

function isUnsafe(path: string): boolean {
  return /^\/|[\\\0]/.test(path) || path.split('/').includes('..');
}

/** Git's own files never come out of an archive: they say which programs git runs. */
function isIgnored(parts: readonly string[], isFolder: boolean, ignores: Ignores): boolean {
  return parts.some(
    (part, index) =>
      /^\.git$/i.test(part) || ignores(parts.slice(0, index + 1), isFolder || index < parts.length - 1),
  );
}

/** The path with all links above its end followed, for a folder the end, too. */
function follow(
  path: readonly string[],
  links: ReadonlyMap<string, string>,
  isFolder: boolean,
): readonly string[] | undefined {
  const pending = [...path];
  const place: string[] = [];
  let followed = 0;
  while (pending.length > 0) {
    place.push(pending.shift()!);
    const isEnd = pending.length === 0 && !isFolder;
    const target = isEnd ? undefined : links.get(place.join('/'));
    if (target === undefined) continue;
    followed += 1;
    if (followed > maximumLinks) return undefined;
    place.pop();
    pending.unshift(...target.split('/').filter((part) => part !== '' && part !== '.'));
  }
  return place;
}

const maximumLinks = 40;

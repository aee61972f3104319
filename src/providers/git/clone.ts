import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Checkout, checkOut, type Cloned, expectKind, requireFree } from './check-out.ts';
import type { GitAuthor, GitOptions } from './git.ts';
import { borrow, type BorrowRequest } from './mirror/borrow.ts';
import { isDamage, replaceDamaged } from './mirror/damage.ts';
import { type ReadyTrees, openReadyTrees } from './mirror/ready-trees.ts';
import { createRepository, type Repository, repositoryFolder } from './repository.ts';
import { importSigningKey, signingConfig } from './signing.ts';
import { quoteSetting, scriptSettings } from './script-settings.ts';

export interface CloneRequest {
  /** Names the clone inside the promotion; the same on every attempt. */
  readonly name: string;
  readonly repoURL: string;
  readonly insecureSkipTLSVerify?: boolean;
  /** Leaves contents of files at the remote until they are needed. */
  readonly blobless?: boolean;
  /** Commits of history to fetch; absent = all. */
  readonly depth?: number;
  readonly recurseSubmodules?: boolean;
  /** Author, committer and signer of what is committed in its work trees. */
  readonly author?: GitAuthor;
  /** Date of the commit that begins a created branch. */
  readonly date: Date;
  /** What will be checked out: work trees of earlier promotions are made ready for it while the remote is asked. */
  readonly expected?: readonly ExpectedCheckout[];
}

/** A checkout as far as it is known before the clone. */
export type ExpectedCheckout = Pick<Checkout, 'branch' | 'commit' | 'tag' | 'sparse'>;

export interface ClonedRepository {
  /** Makes a work tree and returns the ID of the commit checked out in it. */
  checkOut(checkout: Checkout): Promise<string>;
  /** Lets others have what was made ready and not checked out. */
  close(): Promise<void>;
}

/** Clones a repository as described at `Git.clone`. */
export async function cloneRepository(options: GitOptions, request: CloneRequest): Promise<ClonedRepository> {
  const folder = repositoryFolder(options.home, request.name);
  await removeLeftovers(folder);
  const { signingKey = options.signingKey, ...identity } = request.author ?? {};
  const record = {
    repoURL: request.repoURL.trim(),
    insecureSkipTLSVerify: request.insecureSkipTLSVerify ?? false,
    blobless: request.blobless ?? false,
    identity: { ...options.identity, ...identity },
  };
  const repository = createRepository(options, folder, record);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, 'clone.json'), JSON.stringify(record));
  const key = signingKey && (await importSigningKey(options, folder, 'clone', signingKey));
  const { text: remote } = repository.remote;
  let trees: ReadyTrees | undefined;
  const fetch = (bare: string): BorrowRequest => ({
    remote,
    bare,
    partial: record.blobless || request.depth !== undefined,
    clone(more) {
      const args = [...cloneOptions(request, options), ...more, '--', remote, bare];
      const onBegun = () => void (trees ??= readyTreesFor(repository, request));
      return repository.runRemote(args, { cwd: folder, onBegun });
    },
  });
  try {
    await borrow(options, fetch(repository.bare));
    await appendFile(join(repository.bare, 'config'), settingsForScripts(repository, key));
  } catch (error) {
    await trees?.close();
    throw error;
  }
  const cloned: Cloned = { options, repository, request, ...(trees && { trees }) };
  return {
    async checkOut(checkout) {
      await requireFree(checkout);
      // Noted first: whatever happens after this line, the next attempt knows what to remove.
      await appendFile(join(folder, notesFile), `${checkout.path}\0`);
      return checkOut(cloned, checkout).catch(async (error: unknown) => {
        if (!repository.mirror || !isDamage(error)) throw error;
        await replaceDamaged(repository, repository.mirror, fetch(join(folder, 'fresh')));
        return checkOut(cloned, checkout);
      });
    },
    close: async () => trees?.close(),
  };
}

/** None with submodules: their contents are fetched with the rights of this promotion alone. */
function readyTreesFor({ mirror }: Repository, request: CloneRequest): ReadyTrees | undefined {
  if (!mirror || request.recurseSubmodules) return undefined;
  const expected = (request.expected ?? []).flatMap(expectKind);
  return openReadyTrees(mirror, expected);
}

function cloneOptions({ blobless, depth }: CloneRequest, { onProgress }: GitOptions): readonly string[] {
  return [
    'clone',
    '--bare',
    // Shares no files with a repository on this disk, and honours depth and filter there too.
    '--no-local',
    ...(onProgress ? ['--progress'] : []),
    ...(blobless ? ['--filter=blob:none'] : []),
    ...(depth === undefined ? [] : [`--depth=${depth}`, '--no-single-branch']),
  ];
}

const notesFile = 'work-trees';

/** Absolute paths of the work trees that the clone in a folder made, or was about to make. */
export async function listWorkTrees(folder: string): Promise<readonly string[]> {
  const notes = await readFile(join(folder, notesFile), 'utf8').catch(() => '');
  return notes.split('\0').filter(Boolean);
}

async function removeLeftovers(folder: string): Promise<void> {
  for (const path of await listWorkTrees(folder)) await rm(path, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
}

/** For people's own scripts in the work trees: our calls bring everything along themselves. */
function settingsForScripts({ record, folder }: Repository, key: string | undefined): string {
  const { identity, insecureSkipTLSVerify } = record;
  return [
    ...scriptSettings(identity),
    ...(insecureSkipTLSVerify ? ['[http]', '\tsslVerify = false'] : []),
    ...signingConfig(folder, key).map(asLines),
    '',
  ].join('\n');
}

/** `section.name=value` or `section.subsection.name=value` as a file has it. */
function asLines(setting: string): string {
  const [, section, part, name, value] = /^(\w+)\.(?:(\w+)\.)?(\w+)=([^]*)$/.exec(setting)!;
  return `[${section}${part ? ` "${part}"` : ''}]\n\t${name} = ${quoteSetting(value!)}`;
}

import type { Static } from 'typebox';
import { TerminalError } from '../../core/errors.ts';
import { findCommit } from '../../core/freight/find-artifact.ts';
import type { FreightSet } from '../../core/freight/freight.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import {
  atMostOne,
  boolean,
  integer,
  list,
  map,
  object,
  oneOf,
  optional,
  string,
} from '../../core/schema/describe.ts';
import type { Checkout } from '../../providers/git/check-out.ts';
import { defineStep, type StepWorld } from '../define-step.ts';

const checkout = object(
  {
    path: string('Folder for the work tree. It must not exist yet, or be empty.', { minLength: 1 }),
    as: optional(string('Key of this checkout in the output; default the path as written.')),
    branch: optional(string('Branch to check out.')),
    create: optional(
      boolean('Begins the branch with an empty commit, and pushes it, when the remote does not have it.', {
        default: false,
      }),
    ),
    commit: optional(
      string('Commit to check out: its ID, long or short, or a commit of the Freight.', {
        artifact: 'commit',
      }),
    ),
    tag: optional(string('Tag to check out.')),
    sparse: optional(
      list(
        'Folders that alone are checked out, besides the files at the root.',
        string('A folder.', { minLength: 1 }),
        {
          minItems: 1,
        },
      ),
    ),
    fromFreight: optional(
      boolean('Checks out the commit of this repository in the Freight.', {
        deprecated: true,
        'x-instead': '"commit: ${{ commitFrom(repoURL).ID }}"',
      }),
    ),
    fromOrigin: optional(
      object(
        { kind: oneOf('Kind of the origin.', ['Warehouse']), name: string('Its name.', { minLength: 1 }) },
        {
          description: 'With fromFreight: the Warehouse whose Freight counts.',
          deprecated: true,
          'x-instead': '"commit: ${{ commitFrom(repoURL, warehouse(name)).ID }}"',
        },
      ),
    ),
  },
  atMostOne('branch', 'commit', 'tag', 'fromFreight'),
);

export const gitClone = defineStep({
  kind: 'git-clone',
  summary: 'Clones a Git repository and checks out branches, tags or commits, each into a folder of its own.',
  description:
    'Without `branch`, `commit` or `tag` the default branch is checked out. A branch can be checked out at one path only; ' +
    'commits and tags are checked out without a branch. A step that is tried again begins anew. Files of Git LFS come with ' +
    'their contents where the worker has `git-lfs` and the server offers them, and git-push takes new ones there; else ' +
    'their pointers stay, and the record of the step says why.',
  place: 'workspace',
  effect: 'workspace',
  repeatable: true,
  tools: ['git'],

  config: object({
    repoURL: string('Repository to clone: https, ssh, or `git@host:org/repo`.', { minLength: 1 }),
    checkout: list('What to check out, and where.', checkout, { minItems: 1 }),
    insecureSkipTLSVerify: optional(
      boolean('Trusts any TLS certificate, also in later steps on this clone. Not for production.', {
        default: false,
      }),
    ),
    blobless: optional(
      boolean('Fetches the contents of files only when they are needed: faster for large histories.', {
        default: false,
      }),
    ),
    depth: optional(
      integer('Commits of history to fetch; default all.', { minimum: 1, maximum: 2_147_483_647 }),
    ),
    recurseSubmodules: optional(boolean('Checks out submodules too.', { default: false })),
    author: optional(
      object(
        {
          name: string('Name.', { minLength: 1 }),
          email: string('E-mail address.', { format: 'email' }),
          signingKey: optional(
            string(
              'Private GPG key (armored) or SSH key, without a passphrase, that signs all commits and tags made in these ' +
                "work trees. Give it by an expression such as `secret('signing').key`.",
              { minLength: 1 },
            ),
          ),
        },
        { description: 'Author and committer of all commits made in these work trees.' },
      ),
    ),
  }),

  outputs: object({
    commits: map('IDs of the commits checked out, by `as` or path.', string('ID of a commit.')),
  }),

  examples: [
    {
      title: 'The commit of the Freight beside the branch of the Stage',
      config: {
        repoURL: 'https://github.com/example/repo.git',
        checkout: [
          {
            path: './src',
            commit: "${{ commitFrom('https://github.com/example/repo.git').ID }}",
            as: 'source',
          },
          { path: './out', branch: 'stage/${{ ctx.stage }}', create: true },
        ],
      },
    },
  ],

  async run({ checkout: wanted, repoURL, author, depth, ...flags }, world) {
    const keys = checkKeys(wanted);
    const checkouts = wanted.map((one, index) => plan(one, index, repoURL, world));
    const request = { ...flags, ...(author && { author }), ...(depth !== undefined && { depth }) };
    const own = { name: world.alias, repoURL, date: world.startedAt, expected: checkouts };
    const clone = await world.git.clone({ ...own, ...request });
    const commits: Record<string, string> = {};
    const warnings: string[] = [];
    const onWarning = (text: string) => {
      warnings.push(text);
      world.log.warn(text);
    };
    try {
      for (const [index, one] of checkouts.entries()) {
        // Not before: a checkout may bring links that the next path leads through.
        const path = await world.workspace.resolve(wanted[index]!.path);
        const commit = await clone.checkOut({ ...one, path, onWarning });
        commits[keys[index]!] = commit;
        world.log.info(`Checked out ${one.label}`, { commit });
      }
    } finally {
      await clone.close();
    }
    return { output: { commits }, ...(warnings.length > 0 && { message: warnings.join('; ') }) };
  },
});

type Wanted = Static<typeof checkout>;

/** Keys of the output, no two alike. */
function checkKeys(wanted: readonly Wanted[]): readonly string[] {
  const keys = wanted.map(({ as, path }) => as || path);
  const twice = keys.findIndex((key, index) => keys.indexOf(key) < index);
  if (twice < 0) return keys;
  throw new TerminalError(
    `checkout[${twice}]: duplicate checkout alias ${JSON.stringify(keys[twice])}; give each checkout an "as" of its own`,
  );
}

/** All of a checkout but its place on the disk. */
function plan(wanted: Wanted, index: number, repoURL: string, world: StepWorld): Omit<Checkout, 'path'> {
  const { path, branch, tag, commit, create, sparse, fromFreight, fromOrigin } = wanted;
  const label = `checkout[${index}] (${path})`;
  const chosen = fromFreight ? commitOfFreight(world.freight, repoURL, fromOrigin, label) : commit?.trim();
  const pinned = pinnedCommit(world.previous, wanted.as || path);
  return {
    label,
    ...(branch?.trim() && { branch: branch.trim() }),
    ...(tag?.trim() && { tag: tag.trim() }),
    ...(chosen && { commit: chosen }),
    ...(create && { create }),
    ...(sparse && { sparse }),
    ...(pinned && { pinned }),
  };
}

function commitOfFreight(
  freight: FreightSet,
  repoURL: string,
  origin: Wanted['fromOrigin'],
  label: string,
): string {
  const found = findCommit(freight, repoURL, origin);
  if (found) return found.id;
  const where = origin ? `the Freight of Warehouse ${origin.name}` : 'the Freight';
  throw new TerminalError(`${label}: fromFreight finds no commit of ${repoURL} in ${where}`);
}

/** What the same checkout came to before the files were lost. */
function pinnedCommit(previous: JsonObject | undefined, key: string): string | undefined {
  const commits = previous?.['commits'];
  const pinned = isObject(commits) ? commits[key] : undefined;
  return typeof pinned === 'string' ? pinned : undefined;
}

import { RebuildDiverged, TerminalError } from '../../core/errors.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { atMostOne, list, object, optional, string } from '../../core/schema/describe.ts';
import type { Commit } from '../../providers/git/commit.ts';
import { defineStep, type StepWorld } from '../define-step.ts';

export const gitCommit = defineStep({
  kind: 'git-commit',
  summary: 'Commits everything that changed in a work tree.',
  description:
    'Nothing changed: the step is Skipped, and its output names the commit that is there. Without `message` the messages ' +
    'of the earlier steps make up the message. Commits carry the time the step began, so the same work tried again gives ' +
    'the same commit.',
  place: 'workspace',
  effect: 'workspace',
  repeatable: true,
  tools: ['git'],
  reads: ['commitMessage'],

  config: object(
    {
      path: string('Work tree to commit, or a folder in it.', { minLength: 1 }),
      message: optional(string('The message; default made of what the earlier steps say.', { minLength: 1 })),
      messageFromSteps: optional(
        list(
          'Steps whose commitMessage outputs make up the message.',
          string('Alias of an earlier step.', { minLength: 1 }),
          {
            minItems: 1,
            deprecated: true,
            'x-instead': '"message" with an expression such as ${{ outputs.alias.commitMessage }}',
          },
        ),
      ),
      author: optional(
        object(
          {
            name: optional(string('Name; default that of the clone.', { minLength: 1 })),
            email: optional(string('E-mail address; default that of the clone.', { format: 'email' })),
            signingKey: optional(
              string(
                'Private GPG key (armored) or SSH key, without a passphrase; default that of the clone.',
                {
                  minLength: 1,
                },
              ),
            ),
          },
          { description: 'Author, committer and signer of this commit. A list of one is accepted too.' },
        ),
      ),
    },
    atMostOne('message', 'messageFromSteps'),
  ),

  outputs: object({
    commit: string('ID of the commit, or of the one that was there when nothing changed.'),
  }),

  examples: [
    {
      title: 'Say what was promoted',
      as: 'commit',
      config: { path: './out', message: 'Promote ${{ ctx.targetFreight.alias }} to ${{ ctx.stage }}' },
    },
  ],

  upgrade: takeAuthorOutOfList,

  async run({ path, message, messageFromSteps, author }, { git, workspace, startedAt, reads, alias, trace }) {
    const tree = await git.openWorkTree(await workspace.resolve(path), path);
    const commit = await tree.commit({
      message: message ?? combineMessages(reads, alias, messageFromSteps),
      date: startedAt,
      ...(author && { author }),
    });
    checkTrace(trace, commit);
    const { sha, changed } = commit;
    const output = { commit: sha };
    return changed
      ? { output, trace: traceOf(commit) }
      : { output, status: 'Skipped', message: 'nothing to commit' };
  },
});

/** The tree, and the one it was made of: on top of what others pushed meanwhile it may well be another. */
function traceOf({ base = '', tree }: Commit): string {
  return `${base}..${tree}`;
}

function checkTrace(first: string | undefined, commit: Commit): void {
  if (first === undefined) return;
  const [base, tree] = first.split('..');
  const isSame = commit.changed ? commit.base !== (base || undefined) || commit.tree === tree : false;
  if (isSame) return;
  throw new RebuildDiverged(
    `the files were lost and made again, and now they differ: the first time it committed tree ${tree}, now ` +
      `${commit.changed ? commit.tree : 'nothing'}. Something the steps before it read has changed meanwhile, ` +
      'such as a download, a base of kustomize, or a chart. To promote what is there now, start a new promotion',
  );
}

function takeAuthorOutOfList(config: JsonObject): JsonObject {
  const author = config['author'];
  return Array.isArray(author) && author.length === 1 ? { ...config, author: author[0] } : config;
}

/** Kargo's way to make one message out of those of several steps; those without one are passed over. */
function combineMessages(
  reads: StepWorld['reads'],
  alias: string,
  steps: readonly string[] | undefined,
): string {
  const said = reads['commitMessage'] ?? [];
  const chosen = steps
    ? steps.flatMap((step) => said.filter(({ alias: name }) => isNamed(name, step, alias)).slice(-1))
    : said;
  const messages = chosen.map(({ alias: name, value }) => {
    if (typeof value === 'string') return value;
    const kind = isObject(value) ? 'an object' : 'no text';
    throw new TerminalError(
      `messageFromSteps: commitMessage of step ${name} is ${kind}; give message instead`,
    );
  });
  if (messages.length < 2) return messages[0] ?? 'Kargo made some changes';
  return `Kargo applied multiple changes\n\nIncluding:\n${messages.map((text) => `\n  * ${text}`).join('')}`;
}

/** Steps of one task call each other by the names they have inside it. */
function isNamed(full: string, name: string, alias: string): boolean {
  const task = alias.includes('::') ? alias.slice(0, alias.lastIndexOf('::') + 2) : '';
  return full === name || full === task + name;
}

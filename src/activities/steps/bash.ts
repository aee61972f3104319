import { formatDuration, parseDuration } from '../../core/duration.ts';
import { TerminalError, TransientError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { boolean, exact, map, object, optional, string } from '../../core/schema/describe.ts';
import { parseKeyValues } from '../../core/extract/key-values.ts';
import { taskVariable } from '../../providers/git/marked-processes.ts';
import { outputVariables, type ScriptEnd } from '../../providers/script/script.ts';
import { defineStep, type StepWorld } from '../define-step.ts';

export const bash = defineStep({
  kind: 'bash',
  summary: 'Runs a script of yours over the files of the promotion.',
  description: [
    'The script starts in the root of the workspace and is run by bash, whatever its first line says about where bash is;',
    'options in that line (`#!/bin/bash -eu`) count. As in any script the last command decides: `set -e` ends it at the first',
    'one that fails. Its HOME and TMPDIR are its own and empty, and nothing of the environment of the worker is in it but',
    'PATH, proxies and certificates. What it left running is ended with it.',
    '',
    'Plain `git` acts as the promotion: in the work trees of `git-clone`, `origin` is the real repository, `git push` pushes',
    'the branch that is checked out, and credentials, identity, signing key and the dates of commits and tags are those of',
    'the promotion. `git`, `kustomize` and `helm` on PATH are those the other steps use.',
    '',
    'Lines `key=value` that it writes to the file `$GANTRY_OUTPUT` (or `$KARGO_OUTPUT`) become outputs, all of them text.',
    'Several lines go as `key<<END`, the lines, `END`. What it prints goes to the log of the worker, and the last 16 KiB stand',
    'in the record of the step: `gantry promotion` shows them.',
    '',
    'Text of others, such as a commit message, belongs in `env`, never into `script`: there it would be run.',
    '',
    'Nobody but you knows what a script does, so it is never run again by itself. When its worker is lost while it runs, or',
    'its files are lost and a later step needs them, the promotion is held and asks. With `repeatable: true` it just runs',
    'again. An exit code other than 0 is an error like every other: `retry.errorThreshold` says how often to try.',
    '',
    'Scripts run with the rights of the worker. `gantry worker` takes them only when started with `--allow-step bash`.',
  ].join('\n'),
  place: 'workspace',
  effect: 'external',
  changesFiles: true,
  repeatable: false,
  isGuarded: true,
  tools: ['bash', 'git'],

  config: object({
    script: string('What to run.', { minLength: 1 }),
    env: optional(
      map('Variables of its environment.', exact('Value of the variable.', ['string', 'number', 'boolean'])),
    ),
    timeout: optional(
      string('How long it may take, as in 10m; default as long as the step.', { duration: true }),
    ),
    repeatable: optional(
      boolean('Running it once more does no harm, also after it was cut off: it copes with what it left.', {
        default: false,
      }),
    ),
  }),

  outputs: object({}, { description: 'What it wrote to `$GANTRY_OUTPUT`.', additionalProperties: true }),

  examples: [
    {
      title: 'Tag what was promoted',
      config: {
        script:
          '#!/bin/bash -e\ncd ./repo\ngit tag -a "$TAG" -m "Promoted to ${{ ctx.stage }}"\ngit push origin "$TAG"\n',
        env: { TAG: 'release-${{ ctx.targetFreight.alias }}' },
      },
    },
    {
      title: 'Hand something on to later steps',
      as: 'count',
      config: {
        script: 'echo "manifests=$(find ./out -name \'*.yaml\' | wc -l)" >> "$GANTRY_OUTPUT"\n',
        repeatable: true,
      },
    },
  ],

  traits: ({ repeatable }) => ({ repeatable: repeatable === true }),

  async run({ script, env = {}, timeout }, world) {
    const limit = timeout === undefined ? undefined : parseDuration(timeout);
    const end = await world.scripts.run({
      text: script,
      options: optionsOf(script),
      env: readEnv(env),
      ...(limit && { timeout: limit }),
      onOutput: world.print,
    });
    if (end.timedOut) throw new TransientError(`script did not end within ${formatDuration(limit ?? 0)}`);
    if (end.exitCode !== 0) {
      throw new TransientError(await explainEnd(end, world), { status: 'Failed' });
    }
    return { output: readOutputs(end.outputs) };
  },
});

/** What its first line tells bash. Throws a TerminalError where it names something else. */
function optionsOf(script: string): readonly string[] {
  const [, program, option] = /^#!\s*(?:\S*\/env\s+)?(\S+)[ \t]*(\S.*)?/.exec(script) ?? [];
  if (program === undefined) return [];
  const name = program.split('/').at(-1) ?? '';
  if (name !== 'bash' && name !== 'sh') {
    throw new TerminalError(
      `script begins with ${program}, but this step runs bash: call ${name} inside of it`,
    );
  }
  return option === undefined ? [] : option.trim().split(/\s+/);
}

function readEnv(env: Readonly<Record<string, string | number | boolean>>): Record<string, string> {
  const problems = Object.entries(env).flatMap(([name, value]) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      return [`env: ${JSON.stringify(name)} is no name of a variable`];
    if (reserved.includes(name)) return [`env: ${name} is set by Gantry`];
    return String(value).includes('\0') ? [`env: ${name} holds a NUL character`] : [];
  });
  if (problems.length > 0) throw new TerminalError(problems.join('; '));
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)]));
}

const reserved: readonly string[] = [...outputVariables, taskVariable];

function readOutputs(text: string): JsonObject {
  try {
    return parseKeyValues(text);
  } catch (error) {
    throw new TerminalError(`$GANTRY_OUTPUT: ${(error as Error).message}`, { cause: error });
  }
}

async function explainEnd({ exitCode, signal, said }: ScriptEnd, { scripts }: StepWorld): Promise<string> {
  const how = exitCode === undefined ? `a signal (${signal ?? 'unknown'})` : `exit code ${exitCode}`;
  const text = `script ended with ${how}${said ? `: ${said}` : ' and said nothing'}`;
  if (!/not a git repository/.test(said)) return text;
  const trees = await scripts.listWorkTrees();
  if (trees.length === 0) return `${text}\nno git-clone step has made a work tree yet`;
  return `${text}\nscripts start in the root of the workspace; its work trees are ${trees.join(', ')}: begin with cd ${trees[0]}`;
}

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gitClear } from '../../../../src/activities/steps/git-clear.ts';
import { gitClone } from '../../../../src/activities/steps/git-clone.ts';
import { gitCommit } from '../../../../src/activities/steps/git-commit.ts';
import { gitPush } from '../../../../src/activities/steps/git-push.ts';
import { kustomizeBuild } from '../../../../src/activities/steps/kustomize-build.ts';
import { kustomizeSetImage } from '../../../../src/activities/steps/kustomize-set-image.ts';
import type { StepDefinition } from '../../../../src/activities/define-step.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import { hurryCleaning } from '../../../../src/providers/git/mirror/cleaning.ts';
import { salvageTrees } from '../../../../src/providers/git/mirror/salvage.ts';
import type { TestRepository } from '../../../support/git-repository.ts';
import { createRenderedRepository } from '../../../support/pipeline.ts';
import { createStepRig, type StepRig } from '../../../support/step-world.ts';
import { toolPath } from '../../../support/tools.ts';

describe('a promotion of six steps', () => {
  let rig: StepRig;
  let origin: TestRepository;

  beforeEach(() => {
    rig = createStepRig();
    origin = createRenderedRepository(join(rig.folder, 'origin'));
  });
  afterEach(() => rig.remove());

  it('starts at most 20 git processes and contacts the remote at most twice', async () => {
    const git = { binary: createTracedGit(rig.folder) };
    const promote = async (tag: string) => {
      for (const [step, config] of pipeline(origin, tag))
        await rig.run(step, config, { git, alias: step.kind });
      const places = { home: join(rig.root, '.home'), files: rig.root, mirrors: `${rig.root}.mirrors` };
      const { cleaned } = await salvageTrees(places);
      hurryCleaning(places.mirrors);
      await cleaned;
      rig.loseWorkspace();
    };
    await promote('1.0.0');
    // A commit of somebody else, so that there is something to fetch.
    origin.add([{ id: 'more', branch: 'main', files: { 'base/note': '1\n' }, message: 'more' }]);
    rmSync(join(rig.folder, 'trace'), { recursive: true });
    mkdirSync(join(rig.folder, 'trace'));
    await promote('2.0.0');
    const processes = readTrace(rig.folder);
    const isRemote = ({ args, ancestors }: TracedProcess) =>
      [args, ...ancestors].some((line) => /(upload|receive)-pack/.test(line));
    const mine = processes.filter((one) => !isRemote(one)).map(({ args }) => args);
    const contacts = processes.filter(({ args }) => /(upload|receive)-pack\b(?!.*--stateless)/.test(args));
    assert.ok(mine.length > 5 && mine.length <= 20, `${mine.length} processes:\n${mine.join('\n')}`);
    assert.deepEqual(
      contacts.map(({ args }) => /(upload|receive)-pack/.exec(args)![0]),
      ['upload-pack', 'receive-pack'],
    );
    assert.match(origin.git('show', 'stage/test:app-test-deployment-web.yaml'), /my\/image:2\.0\.0/);
  });
});

function pipeline(origin: TestRepository, tag: string): readonly (readonly [StepDefinition, JsonObject])[] {
  const commit = origin.commits.get('more') ?? origin.commits.get('base')!;
  const out = { branch: 'stage/test', path: 'out', create: true };
  return [
    [gitClone, { repoURL: origin.url, checkout: [{ commit, path: 'src' }, out] }],
    [gitClear, { path: 'out' }],
    [kustomizeSetImage, { path: 'src/base', images: [{ image: 'my/image', tag }] }],
    [kustomizeBuild, { path: 'src/stages/test', outPath: 'out' }],
    [gitCommit, { path: 'out', message: tag }],
    [gitPush, { path: 'out' }],
  ];
}

interface TracedProcess {
  readonly args: string;
  /** Arguments of the git processes that started it. */
  readonly ancestors: readonly string[];
}

/** Git that notes every process, its own helpers included. */
function createTracedGit(folder: string): string {
  mkdirSync(join(folder, 'trace'));
  mkdirSync(join(folder, 'bin'));
  const binary = join(folder, 'bin', 'git');
  writeFileSync(binary, `#!/bin/sh\nGIT_TRACE2_EVENT='${folder}/trace' exec '${toolPath('git')}' "$@"\n`);
  chmodSync(binary, 0o755);
  return binary;
}

function readTrace(folder: string): readonly TracedProcess[] {
  const files = readdirSync(join(folder, 'trace')).map((name) =>
    readFileSync(join(folder, 'trace', name), 'utf8'),
  );
  const lines = files.flatMap((text) => text.split('\n').filter(Boolean));
  const events = lines.map(
    (line) => JSON.parse(line) as { event: string; sid: string; argv?: string[]; time: string },
  );
  const starts = events
    .filter(({ event }) => event === 'start')
    .toSorted((a, b) => a.time.localeCompare(b.time));
  const argsOf = new Map(starts.map(({ sid, argv }) => [sid, plain(argv ?? [])]));
  return starts.map(({ sid }) => {
    const parts = sid.split('/');
    const parents = parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
    return { args: argsOf.get(sid)!, ancestors: parents.flatMap((parent) => argsOf.get(parent) ?? []) };
  });
}

/** Without the settings that every call is given. */
function plain(argv: readonly string[]): string {
  return argv.filter((arg, index) => arg !== '-c' && argv[index - 1] !== '-c').join(' ');
}

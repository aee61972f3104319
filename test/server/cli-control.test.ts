import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { parse } from 'yaml';
import { runCli } from '../../src/client/cli/cli.ts';
import { readPromotion } from '../support/read-promotion.ts';
import { createTerminal, runGantry, type CliResult } from '../support/cli.ts';
import { createTestRepository } from '../support/git-repository.ts';
import { startTestWorker } from '../support/pipeline.ts';
import { until } from '../support/promotion-rig.ts';
import { useTemporalServer } from '../support/temporal-server.ts';

const stage = (name: string, steps: string): string => `apiVersion: kargo.akuity.io/v1alpha1
kind: Stage
metadata: {name: ${name}, namespace: ctl}
spec:
  requestedFreight: []
  promotionTemplate:
    spec:
      steps:
${steps}
---
`;
const broken = `        - {uses: fail, as: push, config: {message: key was revoked}}
        - {uses: compose-output, as: out, config: {tag: "\${{ outputs.push.sha }}"}}`;
const wrong = (url: string): string =>
  `        - {uses: git-clone, as: clone, config: {repoURL: '${url}', checkout: [{branch: main, path: ./src}]}}`;
const patient = `        - uses: git-clone
          as: clone
          retry: {errorThreshold: 1000}
          config: {repoURL: 'http://127.0.0.1:9/none.git', checkout: [{branch: main, path: ./src}]}
        - {uses: compose-output, as: out, config: {a: b}}`;

describe('gantry operates promotions', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'gantry-control-'));
  let env: NodeJS.ProcessEnv;
  let client: Client;
  let stop: () => Promise<unknown>;

  before(async () => {
    const server = await useTemporalServer();
    client = await server.client();
    env = { HOME: folder, TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: server.namespace };
    mkdirSync(join(folder, 'pipelines'));
    const stages = [
      stage('broken', broken),
      stage('wrong', wrong(`file://${folder}/none.git`)),
      stage('patient', patient),
      stage('crowd', patient),
    ];
    writeFileSync(join(folder, 'pipelines/stages.yaml'), stages.join(''));
    const worker = await startTestWorker(server, folder);
    stop = () => worker.stop();
  });
  after(async () => {
    await stop?.();
    rmSync(folder, { recursive: true, maxRetries: 5 });
  });

  const gantry = (...argv: string[]): Promise<CliResult> => runGantry(argv, { cwd: folder, env });
  const promote = (name: string): string[] =>
    `promote --project ctl --stage ${name} --freight freight.yaml --definitions pipelines`.split(' ');

  before(() => writeFileSync(join(folder, 'freight.yaml'), 'name: f00\nalias: amber-otter\n'));

  /** Runs until it is held; its workflow id. */
  async function hold(name: string): Promise<string> {
    const { code, stderr } = await gantry(...promote(name), '--on-failure', 'hold');
    assert.equal(code, 5, stderr);
    return idIn(stderr);
  }

  async function start(name: string): Promise<string> {
    const { code, stderr } = await gantry(...promote(name), '--no-wait');
    assert.equal(code, 0, stderr);
    return idIn(stderr);
  }

  it('a held promotion ends following with 5 and says which commands answer it', async () => {
    const { code, stderr } = await gantry(...promote('broken'), '--on-failure', 'hold');
    const id = idIn(stderr);
    assert.equal(code, 5);
    assert.match(stderr, /✗ push.*: Failed: .*key was revoked/);
    const answers = stderr.split('\n').filter((line) => line.startsWith('      gantry '));
    assert.deepEqual(answers, [
      `      gantry retry ${id} --reason TEXT`,
      `      gantry skip ${id} --reason TEXT`,
      `      gantry abort ${id} --reason TEXT`,
    ]);
    await gantry('abort', id);
  });

  it('skip with outputs lets it go on with them', async () => {
    const id = await hold('broken');
    writeFileSync(join(folder, 'push.yaml'), 'sha: abc123\n');
    const argv = ['skip', id, '--outputs', 'push.yaml', '--reason', 'pushed by hand', '--actor', 'bob'];
    const { code, stdout, stderr } = await gantry(...argv);
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      new RegExp(`^${id}: skip accepted, by bob: pushed by hand\n.*Follow it: gantry watch ${id}\n$`),
    );
    const watched = await gantry('watch', id, '-o', 'json');
    assert.equal(watched.code, 0, watched.stderr);
    const { state, decisions } = readPromotion(watched.stdout);
    assert.deepEqual(state?.['out'], { tag: 'abc123' });
    assert.deepEqual(
      decisions?.map(({ kind, actor, reason, step }) => ({ kind, actor, reason, step })),
      [{ kind: 'skip', actor: 'bob', reason: 'pushed by hand', step: 'push' }],
    );
  });

  it('retry runs the step with corrected config in the same run', async () => {
    createTestRepository(join(folder, 'app.git'), {
      commits: [{ id: 'one', branch: 'main', message: 'one', files: { a: 'a' } }],
    });
    const id = await hold('wrong');
    const { code, stderr } = await gantry(
      'retry',
      id,
      '--set',
      `repoURL=file://${folder}/app.git`,
      '--step',
      'clone',
    );
    assert.equal(code, 0, stderr);
    assert.equal((await gantry('watch', id)).code, 0);
    const shown = await gantry('promotion', id);
    assert.match(shown.stdout, /✓ clone {2}git-clone/);
    assert.match(shown.stdout, /Attempts\n {2}clone.*\n {4}\S+Z {2}(Failed|Errored): /);
    assert.match(shown.stdout, /Decisions\n {2}\S+Z {2}\S+ runs clone again\n/);
  });

  it('retry takes its corrections from a file or standard input', async () => {
    const id = await hold('wrong');
    writeFileSync(join(folder, 'fix.yaml'), 'repoURL: null\n');
    assert.equal((await gantry('retry', id, '--config', 'fix.yaml')).code, 0);
    const again = await gantry('watch', id);
    assert.equal(again.code, 5, again.stderr);
    assert.match(again.stderr, /✗ clone.*: Failed: .*repoURL: is required/);
    const { terminal, written } = createTerminal({ cwd: folder, env });
    const readInput = async (): Promise<string> => `{"repoURL": "file://${folder}/app.git"}`;
    assert.equal(await runCli(['retry', id, '--config', '-'], { ...terminal, readInput }), 0, written.stderr);
    assert.equal((await gantry('watch', id)).code, 0);
  });

  it('pause and resume: nothing begins in between', async () => {
    const id = await hold('broken');
    const paused = await gantry('pause', id, '--reason', 'freeze');
    assert.equal(paused.code, 0, paused.stderr);
    await gantry('skip', id, '--outputs', 'push.yaml');
    await until(
      async () =>
        readPromotion((await gantry('promotion', id, '-o', 'json')).stdout).waitingFor?.kind === 'resume',
    );
    assert.match((await gantry('promotion', id)).stdout, /\npaused by .*: freeze, since \S+\n$/);
    assert.equal((await gantry('resume', id)).code, 0);
    assert.equal((await gantry('watch', id)).code, 0);
  });

  it('says why it is refused, with 2 and nothing on standard output', async () => {
    const id = await start('patient');
    const { code, stdout, stderr } = await gantry('retry', id);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, new RegExp(`^${id}: cannot retry: `));
    await gantry('abort', id);
    assert.equal((await gantry('watch', id)).code, 3);
    const late = await gantry('abort', id);
    assert.equal(late.stderr, `${id}: cannot abort: the promotion has already ended: Aborted\n`);
    assert.equal(late.code, 2);
  });

  it('refresh makes a step look at once', async () => {
    const id = await start('patient');
    await until(async () => (await gantry('refresh', id)).code === 0);
    await gantry('abort', id);
  });

  it('works by name, by a part of it, and on promotions that others have started', async () => {
    const definitions = stage('patient', patient).replace('---', '').trim();
    const workflowId = `own-${randomUUID()}`;
    const request = {
      project: 'ctl',
      stage: 'patient',
      freight: { name: 'f00' },
      definitions: [parse(definitions)],
    };
    await client.workflow.start('promotion', { workflowId, taskQueue: 'gantry', args: [request] });
    const name = await untilFound(
      async () => readPromotion((await gantry('promotion', workflowId, '-o', 'json')).stdout).name,
    );
    assert.match(name, /^patient\.[0-9a-z]{26}\.f00$/);
    const byName = await untilFound(async () => (await gantry('promotion', name, '-o', 'json')).stdout);
    assert.equal(readPromotion(byName).workflowId, workflowId);
    const { code, stderr } = await gantry('abort', workflowId.slice(0, 20));
    assert.equal(code, 0, stderr);
    assert.equal((await gantry('watch', workflowId)).code, 3);
  });

  it('lists candidates of what is ambiguous, and proposes what was meant, both with 2', async () => {
    const one = await start('crowd');
    const two = await start('crowd');
    const found = await untilFound(async () => {
      const { code, stderr } = await gantry('promotion', 'ctl/crowd');
      return code === 2 && stderr.includes('any of 2') ? stderr : undefined;
    });
    for (const id of [one, two]) assert.ok(found.includes(`  ${id}  Running, started `), found);
    const missing = await gantry('promotion', `${one.slice(0, -1)}!`);
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /^There is no promotion ".*"\. Did you mean "promotion\/ctl\/crowd\/.*"\?/);
  });

  it('many: lists them, asks, tells each result', async () => {
    const find = ['--project', 'ctl', '--stage', 'crowd'];
    const unasked = await gantry('abort', ...find);
    assert.equal(unasked.code, 2);
    assert.match(unasked.stderr, /Nobody is there to ask: add --yes to abort all of these\n$/);
    const { terminal, written } = createTerminal({ cwd: folder, env });
    const no = { ...terminal, ask: async () => 'n' };
    assert.equal(await runCli(['abort', ...find], no), 1);
    assert.match(
      written.stderr,
      /^PROMOTION .*\n\w{26} +ctl +crowd +Running.*\n\w{26} +ctl +crowd .*\nNothing was changed/,
    );
    const refused = await gantry('retry', ...find, '--yes', '-o', 'json');
    assert.equal(refused.code, 1);
    const results = JSON.parse(refused.stdout) as {
      workflowId: string;
      accepted: boolean;
      message: string;
    }[];
    assert.deepEqual(
      results.map(({ accepted }) => accepted),
      [false, false],
    );
    assert.match(results[0]!.message, /^cannot retry: /);
    const { workflowId } = results[0]!;
    const events = async () => (await client.workflow.getHandle(workflowId).fetchHistory()).events?.length;
    const before = await events();
    // One in the middle of an attempt is refused: it looks by itself.
    await untilFound(async () => ((await gantry('refresh', ...find, '--yes')).code === 0 ? 1 : undefined));
    assert.equal(await events(), before);
    const done = await gantry('abort', ...find, '--reason', 'freeze', '--yes');
    assert.equal(done.code, 0, done.stderr);
    assert.equal(done.stdout.split('\n').filter((line) => line.endsWith(' accepted')).length, 2);
    await untilFound(async () =>
      (await gantry('abort', ...find, '--yes')).stdout.startsWith('No promotion') ? 1 : undefined,
    );
  });

  it('lists promotions by what is asked for', async () => {
    const rows = async (...argv: string[]) =>
      (
        JSON.parse((await gantry('promotions', ...argv, '-o', 'json')).stdout) as {
          stage: string;
          phase: string;
        }[]
      ).map(({ stage, phase }) => `${stage} ${phase}`);
    assert.deepEqual(await rows('--stage', 'crowd', '--project', 'ctl'), ['crowd Aborted', 'crowd Aborted']);
    assert.ok(
      (await rows('--project', 'ctl', '--phase', 'Succeeded')).every((row) => row.endsWith(' Succeeded')),
    );
    assert.deepEqual(await rows('--project', 'nobody'), []);
    const held = await hold('broken');
    const { stdout } = await gantry('promotions', '--held', '--project', 'ctl');
    assert.match(stdout, new RegExp(`^${held.split('/').at(-1)} +ctl +broken +Running, held at push `, 'm'));
    assert.doesNotMatch(stdout, /Aborted|Succeeded/);
    await gantry('abort', held);
    const { code, stderr } = await gantry('promotions', '--query', 'foo bar');
    assert.equal(code, 2);
    assert.match(stderr, /^Temporal refuses the query: .*syntax error/);
    const { stderr: note } = await gantry('promotions', '--project', 'nobody');
    assert.match(note, /^Promotions that ended more than 30d ago are gone/);
  });

  it('completes ids', async () => {
    const id = await start('patient');
    const typed = id.slice(0, -2);
    assert.equal(
      await untilFound(async () => (await gantry('complete', 'promotions', typed)).stdout || undefined),
      `${id}\n`,
    );
    await gantry('abort', id);
  });
});

function idIn(text: string): string {
  return /promotion\/ctl\/\w+\/\w+/.exec(text)![0];
}

/** What a list that lags behind comes to hold. */
async function untilFound<Value>(find: () => Promise<Value | undefined>): Promise<Value> {
  let found: Value | undefined;
  await until(async () => {
    found = await find();
    return found !== undefined && found !== '';
  });
  return found!;
}

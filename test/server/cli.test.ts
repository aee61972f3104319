import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPromotions, type Session } from '../../src/client/open-promotions.ts';
import type { PromotionStatus } from '../../src/core/promotion/status.ts';
import {
  createTerminal,
  runGantry,
  spawnGantry,
  type CliResult,
  type GantryProcess,
} from '../support/cli.ts';
import { runCli } from '../../src/client/cli/cli.ts';

const freight = 'name: f00\nalias: amber-otter\nimages:\n  - repoURL: a/b\n    tag: 1.0.0\n';
const stage = (name: string, steps: string): string => `apiVersion: kargo.akuity.io/v1alpha1
kind: Stage
metadata:
  name: ${name}
  namespace: demo
spec:
  requestedFreight: []
  promotionTemplate:
    spec:
      steps:
${steps}
---
`;
/** A step that goes on trying for as long as anybody lets it. */
const patient = `        - uses: git-clone
          as: clone
          retry: {errorThreshold: 1000}
          config: {repoURL: 'http://127.0.0.1:9/none.git', checkout: [{branch: main, path: ./src}]}`;
const stages = [
  stage(
    'good',
    '        - uses: compose-output\n          as: out\n          config: {tag: "${{ imageFrom(\'a/b\').Tag }}"}',
  ),
  stage('bad', '        - uses: fail\n          as: stop\n          config: {message: not today}'),
  stage('patient', patient),
].join('');

describe('gantry with a server', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'gantry-cli-'));
  const data = join(folder, 'data');
  let dev: GantryProcess;
  let session: Session;

  before(async () => {
    mkdirSync(join(folder, 'pipelines'));
    writeFileSync(join(folder, 'pipelines/stages.yaml'), stages);
    writeFileSync(join(folder, 'freight.yaml'), freight);
    dev = spawnGantry(['dev', '--port', '0', '--data', data, '-o', 'json'], { cwd: folder, home: folder });
    await dev.until('stdout', /\n/);
    session = await openPromotions({ data }, { HOME: folder });
  });
  after(async () => {
    await session?.close();
    dev.child.kill('SIGKILL');
    await dev.exited;
    rmSync(folder, { recursive: true, maxRetries: 5 });
  });

  const settings = { cwd: folder, env: { HOME: folder } };
  const promote = (name: string, ...more: string[]): string[] => [
    ...`promote --data ${data} --project demo --stage ${name}`.split(' '),
    ...'--freight freight.yaml --definitions pipelines'.split(' '),
    ...more,
  ];
  const resultOf = ({ stdout }: CliResult): PromotionStatus & { workflowId: string; runId: string } =>
    JSON.parse(stdout) as PromotionStatus & { workflowId: string; runId: string };

  it('dev says where it is', () => {
    const info = JSON.parse(dev.written.stdout) as Record<string, unknown>;
    assert.deepEqual(Object.keys(info), ['address', 'namespace', 'ui', 'server', 'data', 'started']);
    assert.equal(info['started'], true);
  });

  it('dev logs for machines where nobody looks on: each line is an event', () => {
    const lines = dev.written.stderr.trim().split('\n');
    const events = lines.map((line) => JSON.parse(line) as { level: string; message: string; time: string });
    assert.match(events[0]!.message, /^Starting Temporal and a worker in /);
    for (const { level, time } of events) assert.ok(level && time);
  });

  it('the log of a step says which promotion and step it is about', async () => {
    const { name } = resultOf(await runGantry(promote('good', '-o', 'json'), settings));
    const lines = dev.written.stderr.split('\n').filter((line) => line.includes(name));
    const { promotion, project, stage, step } = JSON.parse(lines.at(-1)!) as Record<string, unknown>;
    assert.deepEqual(
      { promotion, project, stage, step },
      { promotion: name, project: 'demo', stage: 'good', step: 'out' },
    );
  });

  it('a second dev in the same folder points to the first', async () => {
    const { code, stdout } = await runGantry(['dev', '--data', data], settings);
    assert.match(stdout, /^Gantry is running already in .*\n {2}Temporal {2}127\.0\.0\.1:\d+/);
    assert.equal(code, 0);
  });

  it('promotes, shows what happens, and ends with 0', async () => {
    const { code, stdout, stderr } = await runGantry(promote('good'), settings);
    assert.equal(code, 0, stderr);
    assert.match(
      stderr,
      /^started {2}promotion\/demo\/good\/[0-9a-z]{26}\nplanned {2}amber-otter \(.*\n(.|\n)*✓ out/,
    );
    assert.match(stdout, /^PROMOTION +PHASE +COMMITS\npromotion\/demo\/good\/\w+ +Succeeded\n$/);
  });

  it('prints the whole result as JSON, events as JSON lines on standard error', async () => {
    const end = await runGantry(promote('good', '-o', 'json', '--actor', 'alice'), settings);
    const { phase, actor, state, name, workflowId } = resultOf(end);
    assert.deepEqual(
      { phase, actor, state },
      { phase: 'Succeeded', actor: 'alice', state: { out: { tag: '1.0.0' } } },
    );
    assert.equal(workflowId, `promotion/demo/good/${name}`);
    const events = end.stderr
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { event: string }).event);
    assert.deepEqual([events[0], events.at(-1)], ['started', 'finished']);
  });

  it('ends with 1 when a step fails, with its message', async () => {
    const { code, stderr } = await runGantry(promote('bad'), settings);
    assert.match(stderr, /✗ stop.*: Failed: .*not today/);
    assert.equal(code, 1);
  });

  it('ends with 2 for definitions that are wrong, with their places, before anything starts', async () => {
    mkdirSync(join(folder, 'wrong'), { recursive: true });
    writeFileSync(
      join(folder, 'wrong/s.yaml'),
      stage('good', '        - uses: compose-ouput\n          config: {a: b}'),
    );
    const argv = promote('good', '--definitions', 'wrong');
    const { code, stdout, stderr } = await runGantry(argv, settings);
    assert.match(stderr, /^wrong\/s\.yaml:11:17: .*compose-ouput.*compose-output/);
    assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
  });

  for (const more of [[], ['--no-wait']]) {
    it(`ends with 2 when the worker refuses it${more.map((flag) => `, also with ${flag}`).join('')}`, async () => {
      const argv = [
        'promote',
        '--data',
        data,
        '--project',
        'demo',
        '--stage',
        'good',
        '--freight',
        'amber-otter',
        ...more,
      ];
      const { code, stderr } = await runGantry(argv, settings);
      assert.match(stderr, /Invalid promotion: \d+ problems?:\n {2}- /);
      assert.equal(code, 2);
    });
  }

  it('returns when the plan is made with --no-wait', async () => {
    const end = await runGantry(promote('patient', '--no-wait', '-o', 'json'), settings);
    assert.equal(end.code, 0, end.stderr);
    const { workflowId, runId, phase } = resultOf(end);
    assert.equal(phase, 'Running');
    await session.promotions.abort({ workflowId, runId }, { actor: 'test' });
  });

  it('ends with 4 when the namespace does not exist', async () => {
    const env = { HOME: folder, TEMPORAL_NAMESPACE: 'nowhere' };
    const { code, stderr } = await runGantry(promote('good'), { cwd: folder, env });
    assert.equal(stderr, "Namespace not found: 'nowhere'\n");
    assert.equal(code, 4);
  });

  it('ends with 6 after --timeout, and the promotion goes on', async () => {
    const end = await runGantry(promote('patient', '--timeout', '2s', '-o', 'json'), settings);
    assert.equal(end.code, 6, end.stderr);
    const { workflowId, runId } = resultOf(end);
    assert.equal((await session.promotions.status({ workflowId, runId })).phase, 'Running');
    assert.match(end.stderr, / {2}abort {3}gantry abort promotion\/\S+ --data \S+ --reason TEXT/);
    await session.promotions.abort({ workflowId, runId }, { actor: 'test' });
  });

  it('shows the errors of a step that goes on trying', async () => {
    const end = await runGantry(promote('patient', '--timeout', '8s'), settings);
    const workflowId = /promotion\/demo\/patient\/\w+/.exec(end.stderr)![0];
    await session.promotions.abort({ workflowId }, { actor: 'test' });
    assert.match(end.stderr, / {2}! clone: error \d+, trying again: .*127\.0\.0\.1:9/);
  });

  it('ends with 3 when somebody aborts it', async () => {
    const { terminal, written } = createTerminal(settings);
    const running = runCli(promote('patient'), terminal);
    const ref = await until(() => /promotion\/demo\/patient\/\w+/.exec(written.stderr)?.[0]);
    await until(() => / · clone/.exec(written.stderr)?.[0]);
    await session.promotions.abort({ workflowId: ref }, { actor: 'bob', reason: 'wrong image' });
    assert.equal(await running, 3, written.stderr);
    assert.match(written.stderr, /Aborted/);
  });

  it('watches a promotion that somebody else has started, by its id or its short name', async () => {
    const { workflowId } = resultOf(await runGantry(promote('good', '-o', 'json'), settings));
    for (const name of [workflowId, workflowId.replace('promotion/', '')]) {
      const { code, stdout, stderr } = await runGantry(['watch', name, '--data', data], settings);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /^started {2}promotion\/demo\/good\/\w+\nplanned (.|\n)*✓ out/);
      assert.match(stdout, /Succeeded\n$/);
    }
    const { code, stderr } = await runGantry(['watch', 'demo/good/gone', '--data', data], settings);
    assert.match(stderr, /^There is no promotion "demo\/good\/gone"/);
    assert.equal(code, 2);
  });

  it('clean and dev --reset refuse while it runs', async () => {
    for (const argv of [
      ['clean', '--yes'],
      ['dev', '--reset'],
    ]) {
      const { code, stderr } = await runGantry([...argv, '--data', data], {
        cwd: folder,
        env: { HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') },
      });
      assert.match(stderr, /is in use by process \d+, `gantry dev`: stop it first/);
      assert.equal(code, 1);
    }
    assert.ok(existsSync(join(data, 'temporal.db')));
  });

  it('ends with 130 on Ctrl-C, says how to go on, and the promotion goes on', async () => {
    const gantry = spawnGantry(promote('patient'), { cwd: folder, home: folder });
    await gantry.until('stderr', / · clone/);
    gantry.child.kill('SIGINT');
    const { code, stderr } = await gantry.exited;
    assert.equal(code, 130);
    const [, workflowId] = /^The promotion goes on without you: (\S+)$/m.exec(stderr)!;
    assert.match(
      stderr,
      /follow {2}gantry watch promotion\/\S+ --data .*\n {2}abort {3}gantry abort promotion\/\S+ --data /,
    );
    assert.equal((await session.promotions.status({ workflowId: workflowId! })).phase, 'Running');
    await session.promotions.abort({ workflowId: workflowId! }, { actor: 'test' });
  });

  it('dev stops at once when it is told to, and forgets where it was', async () => {
    await session.close();
    const began = Date.now();
    dev.child.kill('SIGTERM');
    const { code } = await dev.exited;
    assert.equal(code, 0);
    assert.ok(Date.now() - began < 20_000, `${Date.now() - began} ms`);
    assert.ok(!existsSync(join(data, 'dev.json')));
  });
});

async function until<Value>(look: () => Value | undefined): Promise<Value> {
  for (;;) {
    const value = look();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PullRequestResult } from '../../src/client/cli/demo-pull-request.ts';
import { spawnGantry, type CliResult } from '../support/cli.ts';
import { toolPath } from '../support/tools.ts';

describe('the demo of pull requests', function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), 'gantry-demo-pr-'));
  const data = join(folder, 'data');
  const own = join(data, 'demo/pull-request');
  const runs: (CliResult & { result: PullRequestResult })[] = [];

  before(async () => {
    toolPath('gitea');
    for (const _ of [1, 2]) {
      const argv = ['demo', '--demo', 'pull-request', '--exit', '-o', 'json', '--data', data];
      const end = await spawnGantry(argv, { cwd: folder, home: folder }).exited;
      const last = end.stdout.trimEnd().split('\n').at(-1)!;
      runs.push({ ...end, result: JSON.parse(last || '{}') as PullRequestResult });
    }
  });
  after(() => rmSync(folder, { recursive: true, maxRetries: 5 }));

  it('opens a request, has it merged, and goes on: every time a new one', () => {
    for (const { code, result, stderr } of runs) {
      assert.deepEqual([code, result.phase], [0, 'Succeeded'], stderr);
      assert.match(result.commit, /^[0-9a-f]{40}$/);
    }
    assert.deepEqual(
      runs.map(({ result }) => /\/pulls\/(\d+)$/.exec(result.pullRequest)?.[1]),
      ['1', '2'],
    );
  });

  it('is woken by the webhook: without it the second look comes after 10 s at the earliest', () => {
    for (const { result } of runs) assert.ok(result.wokeAfter < 9000, `${result.wokeAfter} ms`);
  });

  it('tells what it needs and what happened', () => {
    const [{ stderr, stdout }] = runs as [(typeof runs)[0]];
    assert.match(stderr, /^This demo needs Gitea, a Git host\..* about 4 minutes/);
    assert.match(stderr, /✓ wait-for-pr/);
    assert.match(
      stderr,
      /Pull request 1 was merged through Gitea's API; \d+ ms later the promotion was over/,
    );
    assert.equal(stdout.trimEnd().split('\n').length, 1);
  });

  it('keeps its secrets to itself, and leaves nothing running', () => {
    const secrets = join(own, 'secrets/demo.json');
    assert.equal(statSync(secrets).mode & 0o777, 0o600);
    const { items } = JSON.parse(readFileSync(secrets, 'utf8')) as {
      readonly items: readonly { readonly stringData: Readonly<Record<string, string>> }[];
    };
    const values = items.flatMap(({ stringData }) => [stringData['password'], stringData['gitea']]);
    for (const value of values.filter((text) => text !== undefined))
      for (const { stdout, stderr } of runs) assert.ok(!`${stdout}${stderr}`.includes(value));
    assert.ok(!existsSync(join(own, 'dev.json')));
    const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    assert.deepEqual(
      processes.filter((pid) => commandOf(pid).includes(data)),
      [],
    );
  });
});

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

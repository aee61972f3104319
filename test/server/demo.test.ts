import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DemoResult } from '../../src/client/demo/story.ts';
import { spawnGantry, type CliResult } from '../support/cli.ts';

describe('the demo', function () {
  this.timeout(90_000);
  const folder = mkdtempSync(join(tmpdir(), 'gantry-demo-'));
  const data = join(folder, 'data');
  const runs: (CliResult & { result: DemoResult; firstStepAfter: number })[] = [];

  before(async () => {
    for (const _ of [1, 2]) {
      const began = Date.now();
      const argv = ['demo', '--exit', '-o', 'json', '--data', data];
      const demo = spawnGantry(argv, { cwd: folder, home: folder });
      await demo.until('stderr', / · render::clone/);
      const firstStepAfter = Date.now() - began;
      const end = await demo.exited;
      const result = JSON.parse(end.stdout.trimEnd().split('\n').at(-1)!) as DemoResult;
      runs.push({ ...end, result, firstStepAfter });
    }
  });
  after(() => rmSync(folder, { recursive: true, maxRetries: 5 }));

  const show = (...args: string[]): string => {
    const git = ['--git-dir', fileURLToPath(runs[0]!.result.repository), ...args];
    return execFileSync('git', git, { encoding: 'utf8' });
  };

  it('succeeds, and again', () => {
    for (const { code, result, stderr } of runs) {
      assert.deepEqual([code, result.phase], [0, 'Succeeded'], stderr);
      assert.deepEqual(
        result.promotions.map(({ stage, phase }) => [stage, phase]),
        [
          ['test', 'Succeeded'],
          ['prod', 'Succeeded'],
        ],
      );
    }
  });

  it('prints nothing but the result on standard output', () => {
    for (const { stdout } of runs) assert.equal(stdout.trimEnd().split('\n').length, 1);
  });

  it('pushes one commit to the branch of each Stage in every run', () => {
    for (const stage of ['test', 'prod']) {
      const pushed = runs.map(({ result }) => result.commits.find((commit) => commit.stage === stage));
      const log = show('log', '--format=%H', `stage/${stage}`).trim().split('\n');
      assert.deepEqual(
        pushed.map((commit) => commit?.branch),
        [`stage/${stage}`, `stage/${stage}`],
      );
      // Below them lies the empty commit the branch was made with.
      assert.deepEqual(log.slice(0, 2), pushed.map((commit) => commit?.sha).toReversed());
      assert.equal(log.length, 3);
    }
  });

  it('promotes the next image tag in every run', () => {
    const tags = runs.map(({ result }) => {
      const manifests = result.commits.map(({ sha }) => show('show', `${sha}:manifests.yaml`));
      return manifests.map((text) => /image: (.*)/.exec(text)?.[1]);
    });
    assert.deepEqual(tags, [
      ['example/hello:1.0.0', 'example/hello:1.0.0'],
      ['example/hello:1.1.0', 'example/hello:1.1.0'],
    ]);
  });

  it('tells the story on standard error', () => {
    const [{ stderr, result }] = runs as [(typeof runs)[0]];
    assert.match(stderr, /✓ render::push/);
    assert.match(stderr, /\+ +- image: example\/hello:1\.0\.0/);
    assert.match(stderr, /Try next:\n {2}.*gantry promote --project demo/);
    assert.ok(stderr.includes(`Web UI:     ${result.url}`));
    assert.match(result.url, /^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('gets to the first step within 10 s on the second run', () => {
    assert.ok(runs[1]!.firstStepAfter < 10_000, `${runs[1]!.firstStepAfter} ms`);
  });

  it('keeps the repository and leaves nothing running', () => {
    assert.ok(existsSync(fileURLToPath(runs[0]!.result.repository)));
    assert.ok(!existsSync(join(data, 'dev.json')));
    const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    const left = processes.filter((pid) => commandOf(pid).includes(data));
    assert.deepEqual(left.map(commandOf), []);
  });
});

function commandOf(pid: string): string {
  try {
    return execFileSync('cat', [`/proc/${pid}/cmdline`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return '';
  }
}

import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fewAtATime } from '../../src/client/few-at-a-time.ts';
import { writeSecrets } from '../../src/client/demo/pull-request/write-secrets.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { spawnGantry, type GantryProcess } from './cli.ts';
import { openGitea, type TestGitea } from './gitea.ts';

/** A Gitea with a repository of many branches, and `gantry server` and `gantry worker` beside it, each a process. */
export interface PullRequestSite {
  readonly gitea: TestGitea;
  readonly repoURL: string;
  /** Starts a worker and returns when it takes tasks. */
  startWorker(): Promise<GantryProcess>;
  /** Merges a request, waiting while Gitea examines it. */
  merge(number: number): Promise<void>;
  /** Numbers of all requests there ever were. */
  listRequests(): Promise<readonly number[]>;
  close(): Promise<void>;
}

/** Opens one for `count` promotions: `change-N` is to be merged into `stage-N`. */
export async function openPullRequestSite(
  server: { readonly address: string; readonly namespace: string },
  count: number,
): Promise<PullRequestSite> {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-site-'));
  const gitea = await openGitea();
  const repoURL = await gitea.createRepository('ops');
  const numbers = Array.from({ length: count }, (_, at) => at + 1);
  await fewAtATime(numbers, 2, (number) => makeBranches(gitea, number));
  const host = new URL(gitea.url).host;
  const secrets = join(folder, 'secrets');
  const secret = await writeSecrets(secrets, { url: repoURL, token: gitea.token });
  const env = { TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: server.namespace };
  const running: GantryProcess[] = [];
  const start = async (argv: readonly string[], ready: RegExp, stream: 'stdout' | 'stderr') => {
    const hosts = ['--secrets', secrets, '--git-hosts', `${host}=gitea`, '--data', join(folder, 'data')];
    const process = spawnGantry([...argv, ...hosts], { cwd: folder, home: folder, env });
    running.push(process);
    await process.until(stream, ready);
    return process;
  };
  const http = ['server', '--server-port', '0', '--webhooks', `${host}=webhooks/gitea`, '-o', 'json'];
  const receiver = await start(http, /"url":"http/, 'stdout');
  const [, url] = /"url":"([^"]+)"/.exec(receiver.written.stdout)!;
  const config = { url: `${url}/webhooks/gitea`, content_type: 'json', secret };
  const hook = { type: 'gitea', active: true, events: ['pull_request'], config };
  await gitea.call('POST', 'repos/root1/ops/hooks', hook);

  return {
    gitea,
    repoURL,
    startWorker: () => start(['worker', '--allow-inline-steps'], /Worker is ready/, 'stderr'),
    async merge(number) {
      for (let attempt = 1; ; attempt += 1) {
        const merged = gitea.call('POST', `repos/root1/ops/pulls/${number}/merge`, { Do: 'merge' });
        const error = await merged.then(
          () => undefined,
          (reason: unknown) => (reason instanceof Error ? reason : new Error('unknown')),
        );
        if (error === undefined) return;
        if (attempt === 100 || !error.message.includes('405')) throw error;
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
    },
    async listRequests() {
      const found: number[] = [];
      for (let page = 1; ; page += 1) {
        const path = `repos/root1/ops/pulls?state=all&limit=50&page=${page}`;
        const entries = (await gitea.call('GET', path)) as readonly { readonly number: number }[];
        if (entries.length === 0) return found;
        found.push(...entries.map((entry) => entry.number));
      }
    },
    async close() {
      for (const process of running) process.child.kill('SIGKILL');
      await Promise.all(running.map((process) => process.exited));
      await gitea.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** A promotion that opens a request for a change and waits for it; without a bell it would look again in an hour. */
export function requestFor(repoURL: string, number: number): JsonObject {
  return {
    project: 'demo',
    stage: `stage-${number}`,
    freight: { images: [{ repoURL: 'example/hello', tag: '1.0.0' }] },
    steps: [
      {
        uses: 'git-open-pr',
        as: 'open',
        retry: { errorThreshold: 5 },
        config: { repoURL, sourceBranch: `change-${number}`, targetBranch: `stage-${number}` },
      },
      {
        uses: 'git-wait-for-pr',
        as: 'wait',
        config: { repoURL, prNumber: '${{ outputs.open.prNumber }}', pollInterval: '1h' },
      },
      { uses: 'compose-output', as: 'result', config: { commit: '${{ outputs.wait.commit }}' } },
    ],
  };
}

async function makeBranches(gitea: TestGitea, number: number): Promise<void> {
  await gitea.call('POST', 'repos/root1/ops/branches', {
    new_branch_name: `stage-${number}`,
    old_branch_name: 'main',
  });
  await gitea.call('POST', `repos/root1/ops/contents/change-${number}.txt`, {
    branch: 'main',
    new_branch: `change-${number}`,
    message: `Change ${number}`,
    content: Buffer.from(`${number}\n`).toString('base64'),
  });
}

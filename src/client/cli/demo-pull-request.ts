import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Phase } from '../../core/promotion/status.ts';
import type { Gitea } from '../../dev/gitea.ts';
import type { DemoHost } from '../demo/pull-request/gitea-repository.ts';
import type { Merged } from '../demo/pull-request/merge-when-open.ts';
import type { PromotionRef } from '../promotions.ts';
import type { Settings } from '../settings.ts';
import type { Call } from './command.ts';
import type { OpenDemo } from './demo.ts';
import { openTools } from './open-tools.ts';
import { openRuntime, type Runtime } from './runtime.ts';

/** What the demo of pull requests did, as programs read it. */
export interface PullRequestResult {
  readonly phase: Phase;
  readonly promotion: PromotionRef;
  /** Web page. */
  readonly pullRequest: string;
  /** Of the merge, as the host told it. */
  readonly commit: string;
  /** Milliseconds from the merge to the end of the promotion. */
  readonly wokeAfter: number;
  /** Git address; stays until the next run. */
  readonly repository: string;
  readonly url: string;
}

const examples = fileURLToPath(new URL('../../../examples/pull-request', import.meta.url));

/** Brings up Gitea with a repository, and a server and a worker of its own that know both. */
export async function openPullRequestStory(call: Call): Promise<OpenDemo> {
  const data = join(call.settings.data, 'demo', 'pull-request');
  const gitea = await openGitea(call, data);
  try {
    const { openDemoHost } = await import('../demo/pull-request/gitea-repository.ts');
    const { writeSecrets } = await import('../demo/pull-request/write-secrets.ts');
    const host = await openDemoHost(gitea, join(examples, 'repository'));
    const secrets = join(data, 'secrets');
    const secret = await writeSecrets(secrets, host);
    const own = { ...call, settings: settingsOf(call.settings, { data, secrets, host: host.host }) };
    const runtime = await openRuntime(own, { level: 'warn' });
    const close = async (): Promise<void> => {
      await runtime.close();
      await gitea.close();
    };
    await host.setWebhook(`${runtime.server}/webhooks/gitea`, secret);
    return { runtime, run: () => run(own, runtime, host), close };
  } catch (error) {
    await gitea.close();
    throw error;
  }
}

/** A data folder of its own: a `gantry dev` that runs knows nothing of this host. */
function settingsOf(
  settings: Settings,
  { data, secrets, host }: { readonly data: string; readonly secrets: string; readonly host: string },
): Settings {
  const own = { data, workspaces: join(data, 'workspaces'), secrets };
  return { ...settings, ...own, gitHosts: `${host}=gitea`, webhooks: `${host}=webhooks/gitea` };
}

async function openGitea(call: Call, data: string): Promise<Gitea> {
  const { startGitea } = await import('../../dev/gitea.ts');
  const { resolver, quiet } = await openTools(call);
  const { err } = call.terminal;
  err.write(
    'This demo needs Gitea, a Git host. Where it is not there yet it is built once: about 4 minutes.\n',
  );
  const { path: binary } = await resolver.resolve('gitea');
  quiet();
  const prepared = join(dirname(binary), 'prepared');
  return startGitea({ binary, folder: join(data, 'gitea'), prepared });
}

/** Promotes, has the pull request merged while the promotion waits, and tells. */
async function run(call: Call, runtime: Runtime, host: DemoHost): Promise<PullRequestResult | undefined> {
  const { checkRequest } = await import('../check-request.ts');
  const { openSession } = await import('../open-promotions.ts');
  const { followTo } = await import('./watch-promotion.ts');
  const { mergeWhenOpen } = await import('../demo/pull-request/merge-when-open.ts');
  const session = await openSession(runtime.target);
  const over = new AbortController();
  try {
    const tag = `1.${await host.countPullRequests()}.0`;
    call.terminal.err.write(`\nexample/hello:${tag} to test, by pull request at ${host.url}\n`);
    const local = { path: join(examples, 'pipelines'), cwd: '.', onWarning: () => {} };
    const ref = await session.promotions.start(await checkRequest(createRequest(tag, host.url), local));
    const merging = mergeWhenOpen(session.promotions, ref, (number) => host.merge(number), over.signal);
    // An answer that nobody waits for any more: the promotion has ended before.
    merging.catch(() => undefined);
    const end = await followTo({ ...call, output: 'table' }, session, ref);
    const endedAt = Date.now();
    over.abort();
    if (end.kind === 'interrupted') return undefined;
    const status = end.kind === 'finished' ? end.status : undefined;
    const output = status?.state?.['result'] ?? {};
    const merged = await merging;
    const result: PullRequestResult = {
      phase: status?.phase ?? 'Errored',
      promotion: ref,
      pullRequest: textOf(output['pullRequest']),
      commit: textOf(output['commit']),
      wokeAfter: merged ? endedAt - merged.at : 0,
      repository: host.url,
      url: runtime.target.ui ?? '',
    };
    tell(call, result, merged, host);
    return result;
  } finally {
    over.abort();
    await session.close();
  }
}

function createRequest(tag: string, repoURL: string) {
  return {
    project: 'demo',
    stage: 'test',
    freight: {
      origin: { kind: 'Warehouse', name: 'hello' },
      images: [{ repoURL: 'example/hello', tag }],
    },
    actor: 'demo',
    vars: [{ name: 'repoURL', value: repoURL }],
  };
}

function tell(
  { output, terminal, settings }: Call,
  result: PullRequestResult,
  merged: Merged | undefined,
  { admin: { username, password } }: DemoHost,
): void {
  const stream = output === 'table' ? terminal.out : terminal.err;
  const woke = merged
    ? `Pull request ${merged.number} was merged through Gitea's API; ${result.wokeAfter} ms later the promotion was over.`
    : 'The promotion ended before its pull request was merged.';
  const lines = [
    woke,
    `Pull request: ${result.pullRequest}`,
    `Commit:       ${result.commit}`,
    `Repository:   ${result.repository} (user ${username}, password ${password})`,
    `Web UI:       ${result.url}`,
    'Try next:',
    `  gantry promotions --data ${settings.data}`,
  ];
  stream.write(`\n${lines.join('\n')}\n`);
  if (output !== 'table') terminal.out.write(`${JSON.stringify(result)}\n`);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

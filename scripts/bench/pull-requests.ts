import { createHmac } from 'node:crypto';
import { defineStep, type StepDefinition } from '../../src/activities/define-step.ts';
import { openServerTemporal } from '../../src/client/server/temporal.ts';
import { startServer } from '../../src/client/server/server.ts';
import { createPromotions } from '../../src/client/promotions.ts';
import { NotYet } from '../../src/core/errors.ts';
import { object } from '../../src/core/schema/describe.ts';
import { createLog } from '../../src/log.ts';
import { createSharedLooks } from '../../src/providers/git-hosts/shared-looks.ts';
import type { HostedRepository, PullRequest } from '../../src/providers/git-hosts/git-host.ts';
import { createToolResolver } from '../../src/tools/tools.ts';
import { startWorker } from '../../src/worker.ts';
import { openServer, type BenchServer } from './installation.ts';
import type { Measure } from './measure.ts';

/** The bars: milliseconds, events of a history, requests to a host. */
const bars = { median: 80, slowest: 1000, events: 30, requests: 12 };
const sampled = 300;
const waitingInRepository = 500;
const secret = 'of the bench';
const repository = 'github.com/bench/ops';

/**
 * From a webhook to the start of the next step with many promotions that wait (`pull-requests 2000`: how many), the
 * history of a long wait, and what a host is asked while many wait in one repository.
 */
export async function measurePullRequests([wanted = '2000']: readonly string[]): Promise<readonly Measure[]> {
  const server = await openServer();
  try {
    return [...(await measureWaking(server, Number(wanted))), await measureRequests()];
  } finally {
    await server.close();
  }
}

async function measureWaking(server: BenchServer, count: number): Promise<readonly Measure[]> {
  const site = createSite();
  const { address, client, folder } = server;
  const worker = await startWorker({
    connection: { address },
    namespace: client.options.namespace,
    workspaces: `${folder}/workspaces`,
    tools: createToolResolver({ env: process.env }),
    allowInlineSteps: true,
    steps: site.steps,
    log: { level: 'error', format: 'json' },
  });
  const target = { address, namespace: client.options.namespace, origin: 'bench', options: { address } };
  const temporal = openServerTemporal(target);
  const http = await startServer({
    temporal,
    host: '127.0.0.1',
    port: 0,
    token: secret,
    receivers: () =>
      Promise.resolve([
        { kind: 'github', host: 'github.com', secret: { name: 'bench', key: 'secret' }, value: secret },
      ]),
    log: createLog({ level: 'error', format: 'json' }),
  });
  try {
    const promotions = createPromotions(client);
    const numbers = Array.from({ length: count }, (_, at) => at + 1);
    const ids = new Map<number, string>();
    for (let at = 0; at < count; at += 50)
      await Promise.all(
        numbers.slice(at, at + 50).map(async (number) => {
          ids.set(number, (await promotions.start(requestOf(number))).workflowId);
        }),
      );
    while (site.looked.size < count) await pause(200);
    // Lists know them a moment later.
    await pause(2000);
    const times: number[] = [];
    const step = Math.max(1, Math.floor(count / sampled));
    for (let number = 1; number <= count && times.length < sampled; number += step)
      times.push(await site.wake(http.url, number));
    const { events } = await client.workflow.getHandle(ids.get(1)!).fetchHistory();
    return [...summarize(times, count), eventsMeasure(events?.length ?? 0)];
  } finally {
    await http.close();
    await temporal.close();
    await worker.stop();
  }
}

/** Steps that open, wait and go on without any host; who waits is woken by a webhook alone. */
function createSite() {
  const looked = new Set<number>();
  const merged = new Set<number>();
  const began = new Map<number, () => void>();
  const stepOf = (kind: string, run: StepDefinition['run'], place: StepDefinition['place'] = 'anywhere') =>
    defineStep({
      kind,
      summary: 'A step of the bench.',
      place,
      repeatable: true,
      effect: 'none',
      config: object({}),
      examples: [],
      run: run as never,
    });
  const numberOf = (stage: string) => Number(stage.slice('pr-'.length));
  const steps = [
    stepOf('bench-open', async (_config, { promotion: { stage } }) => ({
      pullRequests: [`${repository}#${numberOf(stage)}`],
    })),
    stepOf(
      'bench-wait',
      async (_config, { promotion: { stage } }) => {
        const number = numberOf(stage);
        looked.add(number);
        if (merged.has(number)) return {};
        throw new NotYet('open', 3_600_000);
      },
      'io',
    ),
    stepOf('bench-next', async (_config, { promotion: { stage } }) => {
      began.get(numberOf(stage))?.();
      return {};
    }),
  ];
  /** Milliseconds from the request of the host to the start of the step after the wait. */
  async function wake(url: string, number: number): Promise<number> {
    merged.add(number);
    const next = new Promise<void>((resolve) => began.set(number, resolve));
    const body = JSON.stringify({
      action: 'closed',
      number,
      pull_request: { number },
      repository: { full_name: 'bench/ops' },
    });
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    const headers = {
      'content-type': 'application/json',
      'x-github-event': 'pull_request',
      'x-hub-signature-256': `sha256=${signature}`,
    };
    const start = performance.now();
    const answer = await fetch(`${url}/webhooks/github`, { method: 'POST', headers, body });
    const { rung } = (await answer.json()) as { readonly rung?: number };
    if (rung !== 1) throw new Error(`the webhook rang ${rung} promotions: ${answer.status}`);
    await next;
    return performance.now() - start;
  }
  return { steps, looked, wake };
}

function requestOf(number: number) {
  return {
    project: 'bench',
    stage: `pr-${number}`,
    freight: { images: [{ repoURL: 'example/hello', tag: '1.0.0' }] },
    steps: ['open', 'wait', 'next'].map((kind) => ({ uses: `bench-${kind}`, as: kind })),
  };
}

function summarize(times: readonly number[], count: number): readonly Measure[] {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!;
  const measure = (id: string, value: number, bar: number): Measure => ({
    id: `pull-requests/${id}`,
    ratio: value / bar,
    limit: 1,
    ok: value <= bar,
    detail: `webhook to next step ${value.toFixed(0)} ms (bar ${bar} ms), ${count} waiting, ${times.length} woken`,
  });
  return [measure('p50', at(0.5), bars.median), measure('p99', at(0.99), bars.slowest)];
}

/** A look leaves no event, so a wait of weeks has as many as one of seconds: opened, waited, rung, ended. */
function eventsMeasure(events: number): Measure {
  const detail = `${events} events of a whole promotion that waited and was rung (bar ${bars.events})`;
  return {
    id: 'pull-requests/events',
    ratio: events / bars.events,
    limit: 1,
    ok: events <= bars.events,
    detail,
  };
}

/** Many wait in one repository, each looks once an interval: a clock of its own plays ten intervals. */
async function measureRequests(): Promise<Measure> {
  const interval = 300_000;
  const intervals = 10;
  let [clock, asked] = [0, 0];
  const looks = createSharedLooks(() => clock);
  const open = Array.from({ length: waitingInRepository }, (_, at) => openRequest(at + 1));
  const hosted = {
    kind: 'github',
    name: repository,
    async listOpenPullRequests() {
      asked += Math.ceil(open.length / 100);
      return open;
    },
    async readPullRequest(number: number) {
      asked += 1;
      return open[number - 1];
    },
  } as unknown as HostedRepository;
  const { signal } = new AbortController();
  const options = { owner: 'bench', isFresh: false, interval, signal };
  let before = 0;
  for (let round = 0; round <= intervals; round++) {
    for (const { number } of open) {
      clock += interval / open.length;
      await looks.look(hosted, number, options);
    }
    // The first interval learns how many there are.
    if (round === 0) before = asked;
  }
  const each = (asked - before) / intervals;
  const detail = `${each.toFixed(1)} requests an interval for ${open.length} who wait in one repository (bar ${bars.requests})`;
  return {
    id: 'pull-requests/requests',
    ratio: each / bars.requests,
    limit: 1,
    ok: each <= bars.requests,
    detail,
  };
}

function openRequest(number: number): PullRequest {
  return {
    number,
    url: `https://${repository}/pull/${number}`,
    state: 'open',
    isDraft: false,
    isQueued: false,
    source: `change-${number}`,
    target: 'main',
    createdAt: '2026-03-02T09:14:07Z',
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '../../core/json.ts';
import type { PromotionStatus } from '../../core/promotion/status.ts';
import type { DemoRepository } from '../demo/repository.ts';
import { explainNextSteps, shortenDiff, worstPhase } from '../demo/story.ts';
import type { DemoCommit, DemoPromotion, DemoResult } from '../demo/story.ts';
import type { Session } from '../open-promotions.ts';
import { defineCommand, option, type Call } from './command.ts';
import { openRuntime, type Runtime } from './runtime.ts';
import { exitCodes } from './exit-codes.ts';
import type { WorkerOptions } from './worker-options.ts';
import { openInterruption, whenAborted } from './interruption.ts';

interface DemoOptions extends WorkerOptions {
  readonly exit?: boolean;
  readonly demo?: Story;
}

const stories = ['stages', 'pull-request'] as const;
type Story = (typeof stories)[number];

export const demo = defineCommand<DemoOptions>({
  name: 'demo',
  summary: 'Run a server, a worker and a promotion through two Stages, on a Git repository of its own',
  description: [
    'Every run promotes the next image tag through test, then prod. It stays up until Ctrl-C.',
    'With -o json the last line of standard output is the result.',
  ].join('\n'),
  options: [
    option('--exit', 'stop everything when the demo is over (implied by CI=true)'),
    option(
      '--demo <story>',
      'pull-request: opens one at a Git host of its own (Gitea, built on first use) and goes on when it is merged (default: stages)',
    ).choices(stories),
  ],
  examples: ['gantry demo', 'gantry demo --exit -o json', 'gantry demo --demo pull-request'],
  async run(call) {
    if (call.options.demo !== 'pull-request') return show(call, openStages);
    const { openPullRequestStory } = await import('./demo-pull-request.ts');
    return show(call, openPullRequestStory);
  },
});

/** A demo that is ready to run. Must be closed. */
export interface OpenDemo {
  readonly runtime: Runtime;
  /** Promotes and tells; undefined when the user did not want to see the end. */
  run(): Promise<Pick<DemoResult, 'phase'> | undefined>;
  close(): Promise<void>;
}

async function openStages(call: Call<DemoOptions>): Promise<OpenDemo> {
  const runtime = await openRuntime(call, { level: 'warn' });
  return { runtime, run: () => runDemo(call, runtime), close: () => runtime.close() };
}

async function show(
  call: Call<DemoOptions>,
  open: (call: Call<DemoOptions>) => Promise<OpenDemo>,
): Promise<number> {
  const interruption = openInterruption(call.terminal);
  const demo = await open(call);
  try {
    const result = await demo.run();
    const exits = call.options.exit || call.terminal.env['CI'] === 'true';
    if (!exits && !interruption.signal.aborted && result) {
      call.terminal.err.write('Stays up until Ctrl-C.\n');
      await Promise.race([demo.runtime.ended, whenAborted(interruption.signal)]);
    }
    if (!result) return exitCodes.interrupted;
    return result.phase === 'Succeeded' ? exitCodes.succeeded : exitCodes.failed;
  } finally {
    await demo.close();
    interruption.close();
  }
}

const examples = fileURLToPath(new URL('../../../examples', import.meta.url));
const stages = ['test', 'prod'] as const;

/** Promotes and tells; undefined when the user did not want to see the end. */
async function runDemo(call: Call<DemoOptions>, runtime: Runtime): Promise<DemoResult | undefined> {
  const { openDemoRepository } = await import('../demo/repository.ts');
  const { openSession } = await import('../open-promotions.ts');
  const { env } = call.terminal;
  const git = await runtime.findTool('git');
  const folder = join(call.settings.data, 'demo');
  const repository = await openDemoRepository({
    folder,
    template: join(examples, 'demo/repository'),
    git,
    env,
  });
  const session = await openSession(runtime.target);
  try {
    const ends = await promoteAll(call, session, repository);
    if (!ends) return undefined;
    const result: DemoResult = {
      phase: worstPhase(ends.map(({ promotion }) => promotion.phase)),
      promotions: ends.map(({ promotion }) => promotion),
      commits: ends.flatMap(({ commits }) => commits),
      repository: repository.url,
      url: runtime.target.ui ?? '',
    };
    await tell(call, repository, result, session);
    return result;
  } finally {
    await session.close();
  }
}

interface DemoEnd {
  readonly promotion: DemoPromotion;
  readonly commits: readonly DemoCommit[];
}

/** One Stage after the other; Freight that does not get through one goes no further. */
async function promoteAll(
  call: Call<DemoOptions>,
  session: Session,
  repository: DemoRepository,
): Promise<readonly DemoEnd[] | undefined> {
  const { checkRequest } = await import('../check-request.ts');
  const { followTo } = await import('./watch-promotion.ts');
  const tag = await repository.nextTag(stages);
  const ends: DemoEnd[] = [];
  for (const stage of stages) {
    call.terminal.err.write(`\nexample/hello:${tag} to ${stage}\n`);
    const request = createRequest(stage, tag, repository.url);
    const ref = await session.promotions.start(
      await checkRequest(request, {
        path: join(examples, 'demo/pipelines'),
        cwd: '.',

        onWarning: () => {},
      }),
    );
    const end = await followTo({ ...call, output: 'table' }, session, ref);
    if (end.kind === 'interrupted') return undefined;
    const status: Pick<PromotionStatus, 'phase' | 'commits'> =
      end.kind === 'finished' ? end.status : { phase: 'Errored', commits: [] };
    const { phase } = status;
    const commits = status.commits.map(({ branch, sha }) => ({ stage, branch, sha }));
    ends.push({ promotion: { stage, ...ref, phase }, commits });
    if (phase !== 'Succeeded') break;
  }
  return ends;
}

function createRequest(stage: string, tag: string, repoURL: string): JsonObject {
  return {
    project: 'demo',
    stage,
    freight: {
      origin: { kind: 'Warehouse', name: 'hello' },
      images: [{ repoURL: 'example/hello', tag }],
    },
    actor: 'demo',
    vars: [{ name: 'repoURL', value: repoURL }],
  };
}

/** The commits and what to try; the result itself as the last line for programs. */
async function tell(
  { output, terminal }: Call<DemoOptions>,
  repository: DemoRepository,
  result: DemoResult,
  { target }: Session,
): Promise<void> {
  const stream = output === 'table' ? terminal.out : terminal.err;
  for (const { branch, sha } of result.commits) {
    stream.write(`\n${branch} ${sha.slice(0, 12)}\n${shortenDiff(await repository.show(sha))}\n`);
  }
  stream.write(`\n${explainNextSteps({ target, result, examples, cwd: terminal.cwd })}\n`);
  if (output !== 'table') terminal.out.write(`${JSON.stringify(result)}\n`);
}

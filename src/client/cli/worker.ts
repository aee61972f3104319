import type { ToolResolver } from '../../tools/tools.ts';
import type { Target } from '../connect.ts';
import { stepModules, type LogLevel } from '../settings.ts';
import { defineCommand, option, type Call } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { openInterruption, whenAborted } from './interruption.ts';
import { openTools } from './open-tools.ts';
import {
  allowedSteps,
  gitHostSettings,
  gitSettings,
  httpSettings,
  registrySettings,
  uiAddress,
  parseCapacity,
  workerOptions,
  type WorkerOptions,
} from './worker-options.ts';

interface WorkerCommandOptions extends WorkerOptions {
  readonly allowInlineSteps?: boolean;
}

export const worker = defineCommand<WorkerCommandOptions>({
  name: 'worker',
  summary: 'Run a worker until it is told to stop',
  description:
    'Where Temporal is, is said by its own settings: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, temporal.toml.',
  options: [...workerOptions, option('--allow-inline-steps', 'run promotions that bring their own steps')],
  examples: [
    'gantry worker --definitions ./pipelines --secrets ./secrets',
    "gantry worker --definitions 'https://git.example/platform/pipelines.git?ref=main&path=kargo'",
  ],
  async run(call) {
    const { findTarget, openClient } = await import('../connect.ts');
    const target = await findTarget(call.settings, call.terminal.env);
    // Fails within seconds and with a reason, where a worker would go on trying.
    await (await openClient(target)).close();
    const open: OpenWorker[] = [];
    const hurry = () => {
      for (const worker of open) void worker.stop();
      return open.length > 0;
    };
    const interruption = openInterruption(call.terminal, hurry);
    const { resolver } = await openTools(call);
    const { allowInlineSteps = false } = call.options;
    const running = await openWorker(call, target, resolver, { allowInlineSteps });
    open.push(running);
    try {
      const why = await Promise.race([running.ended, whenAborted(interruption.signal)]);
      if (why === 'stopped') return exitCodes.succeeded;
      call.terminal.err.write(`${why}\n`);
      return exitCodes.failed;
    } finally {
      await running.stop();
      interruption.close();
    }
  },
});

/** A worker in this process. */
export interface OpenWorker {
  /** Settles with the reason when it ends by itself. */
  readonly ended: Promise<string>;
  /** Lets running steps end within a bounded time. */
  stop(): Promise<void>;
}

/** What a command decides for its worker. */
export interface WorkerDefaults {
  readonly allowInlineSteps: boolean;
  /** Kinds of steps that need the operator's word and have it, unless the user says which. */
  readonly allowSteps?: readonly string[];
  /** What HTTP steps may reach beside public addresses, unless the user says so. */
  readonly allowHttp?: readonly string[];
  /** What the worker logs, unless the user says so. */
  readonly level?: LogLevel;
}

/** Starts a worker and returns when it takes tasks. */
export async function openWorker(
  { settings, options, terminal }: Call<WorkerOptions>,
  target: Target,
  tools: ToolResolver,
  { allowInlineSteps, allowSteps, allowHttp, level }: WorkerDefaults,
): Promise<OpenWorker> {
  const capacity = parseCapacity(options.capacity);
  const git = await gitSettings(settings);
  const http = await httpSettings(settings, allowHttp);
  const gitHosts = await gitHostSettings(settings);
  const registries = registrySettings(settings);
  const { loadOwnSteps } = await import('../../own-steps.ts');
  const steps = await loadOwnSteps(stepModules(settings));
  const { startWorker } = await import('../../worker.ts');
  const running = await startWorker({
    connection: target.options,
    namespace: target.namespace,
    workspaces: settings.workspaces,
    ...(settings.definitions && { definitions: settings.definitions }),
    ...(settings.secrets && { secrets: settings.secrets }),
    ...(capacity && { capacity }),
    steps,
    ...(target.keys && { keys: target.keys }),
    git,
    gitHosts,
    ...uiAddress(settings),
    http,
    registries,
    tools,
    allowInlineSteps,
    allowSteps: allowedSteps(settings, allowSteps),
    log: {
      // A command may be quieter than usual, as long as the user does not say how much is told.
      level: settings.origins.logLevel === 'default' ? (level ?? settings.logLevel) : settings.logLevel,
      format: settings.logFormat,
      write: (line) => void terminal.err.write(line),
    },
  });
  const ended = running.ended.then((error) => error?.message ?? 'The worker is stopped.');
  return { ended, stop: () => running.stop() };
}

import {
  allowedSteps,
  gitHostSettings,
  gitSettings,
  httpSettings,
  registrySettings,
  uiAddress,
} from '../client/cli/worker-options.ts';
import { findTarget, openClient } from '../client/connect.ts';
import { loadKeys } from '../encryption/keys.ts';
import { loadSettings, stepModules, type SettingFlags, type Settings } from '../client/settings.ts';
import { loadOwnSteps } from '../own-steps.ts';
import { createToolResolver, type ToolResolver } from '../tools/tools.ts';
import { startWorker, type RunningWorker } from '../worker.ts';
import type { WorkerSettings } from './settings.ts';

/** What a worker in a program of your own may be told: the settings of `gantry worker`, and what only code can say. */
export interface WorkerOptions
  extends
    Omit<SettingFlags, 'steps'>,
    Partial<
      Omit<
        WorkerSettings,
        'definitions' | 'secrets' | 'workspaces' | 'tools' | 'git' | 'gitHosts' | 'log' | 'connection'
      >
    > {
  /** Instead of where `gantry worker` finds the server. */
  readonly connection?: WorkerSettings['connection'];
  /** Gets each log line; default standard error. */
  readonly write?: (line: string) => void;
}

/**
 * Starts a worker with steps of your own beside those of Gantry; resolves when it takes tasks. Settings come from the
 * options, then `GANTRY_*`, then `gantry.yaml`. Rejects within seconds, with the reason, when no Temporal server answers.
 */
export async function createWorker(options: WorkerOptions = {}): Promise<RunningWorker> {
  const { write, allowInlineSteps = false } = options;
  const isTerminal = process.stderr.isTTY;
  // Steps in code come instead of those that the settings name, as any option does.
  const { steps: inCode, ...flags } = options;
  const settings = await loadSettings(flags, { env: process.env, cwd: process.cwd(), isTerminal });
  const { workspaces, definitions, secrets, logLevel, logFormat } = settings;
  return startWorker({
    ...options,
    ...(await findServer(options, settings)),
    allowInlineSteps,
    steps: inCode ?? (await loadOwnSteps(stepModules(settings))),
    tools: createTools(settings),
    git: await gitSettings(settings),
    gitHosts: await gitHostSettings(settings),
    ...uiAddress(settings),
    http: options.http ?? (await httpSettings(settings)),
    registries: registrySettings(settings),
    allowSteps: options.allowSteps ?? allowedSteps(settings),
    workspaces,
    ...(definitions && { definitions }),
    ...(secrets && { secrets }),
    log: { level: logLevel, format: logFormat, ...(write && { write }) },
  });
}

/** Fails with a reason where a worker would go on trying. */
async function findServer(
  { connection, namespace }: WorkerOptions,
  settings: Settings,
): Promise<Pick<WorkerSettings, 'connection' | 'namespace' | 'keys'>> {
  if (connection) {
    const keys = await loadKeys(settings.encryptionKeys, process.env);
    return { connection, namespace: namespace ?? 'default', keys };
  }
  const target = await findTarget(settings, process.env);
  await (await openClient(target)).close();
  return {
    ...(target.keys && { keys: target.keys }),
    connection: target.options,
    namespace: namespace ?? target.namespace,
  };
}

function createTools({ tools }: Settings): ToolResolver {
  const { env } = process;
  if (tools === 'auto' || tools === 'path') return createToolResolver({ env, mode: tools });
  return createToolResolver({ env, mode: 'auto', cache: tools });
}

import { join, resolve } from 'node:path';
import { findTarget, openClient } from '../client/connect.ts';
import { getSettings, type SettingValues } from '../client/settings.ts';
import { createToolResolver } from '../tools/tools.ts';
import { startWorker, type RunningWorker } from '../worker.ts';
import type { WorkerSettings } from './settings.ts';

/** What a worker in a program of your own may be told; what is left out is as `gantry worker` has it. */
export interface WorkerOptions
  extends
    Pick<SettingValues, 'data' | 'definitions' | 'secrets' | 'workspaces' | 'logLevel' | 'logFormat'>,
    Partial<Omit<WorkerSettings, 'definitions' | 'secrets' | 'workspaces' | 'log'>> {
  /** Gets each log line; default standard error. */
  readonly write?: (line: string) => void;
}

/**
 * Starts a worker with steps of your own beside those of Gantry; resolves when it takes tasks. Settings come from the
 * options, then `GANTRY_*`; the connection from `connection`, then from where `gantry worker` takes it. Rejects within
 * seconds, with the reason, when no Temporal server answers.
 */
export async function createWorker(options: WorkerOptions = {}): Promise<RunningWorker> {
  const { data, definitions, secrets, workspaces, logLevel, logFormat, write, ...rest } = options;
  const flags = withoutUndefined({ data, definitions, secrets, workspaces, logLevel, logFormat });
  const settings = getSettings(flags, process.env, process.cwd());
  const { connection, namespace } = await findServer(options, settings.data);
  return startWorker({
    tools: createToolResolver({ env: process.env }),
    allowInlineSteps: false,
    ...rest,
    connection,
    namespace,
    workspaces: settings.workspaces ?? join(resolve(settings.data), 'workspaces'),
    ...(settings.definitions && { definitions: settings.definitions }),
    ...(settings.secrets && { secrets: settings.secrets }),
    log: {
      level: settings.logLevel ?? 'info',
      format: settings.logFormat ?? (process.stderr.isTTY ? 'text' : 'json'),
      ...(write && { write }),
    },
  });
}

/** Fails with a reason where a worker would go on trying. */
async function findServer(
  { connection, namespace }: WorkerOptions,
  data: string,
): Promise<Pick<WorkerSettings, 'connection' | 'namespace'>> {
  if (connection) return { connection, namespace: namespace ?? 'default' };
  const target = await findTarget(data, process.env);
  await (await openClient(target)).close();
  return { connection: target.options, namespace: namespace ?? target.namespace };
}

function withoutUndefined(values: Readonly<Record<string, string | undefined>>): SettingValues {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

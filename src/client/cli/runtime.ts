import type { Target } from '../connect.ts';
import type { RunningServer } from '../server/server.ts';
import type { LogLevel } from '../settings.ts';
import type { Call } from './command.ts';
import { openTools, type TerminalTools } from './open-tools.ts';
import { serverPort, startHere, usualServerPort } from './server.ts';
import { openWorker } from './worker.ts';
import type { WorkerOptions } from './worker-options.ts';

/** A server and a worker: ours, or those of a `dev` that runs in the same data folder. Must be closed. */
export interface Runtime {
  readonly target: Target;
  /** Address of the HTTP server. */
  readonly server?: string;
  /** Started here; else it was there before and outlives us. */
  readonly isOurs: boolean;
  /** Settles with the reason when server or worker end by themselves. */
  readonly ended: Promise<string>;
  /** Path of a program. */
  findTool(name: string): Promise<string>;
  /** Lets running steps end within a bounded time, then stops what is ours. */
  close(): Promise<void>;
}

/** How to start what is not running. */
export interface RuntimeOptions {
  /** First port to try. */
  readonly port?: number | undefined;
  /** Told what a user should know; default: a line on standard error. */
  readonly tell?: (text: string) => void;
  /** What the worker logs unless the user says so. */
  readonly level?: LogLevel;
}

/** Uses the running `dev` of the data folder, or starts one. */
export async function openRuntime(call: Call<WorkerOptions>, how: RuntimeOptions = {}): Promise<Runtime> {
  const { settings } = call;
  const { findDev, DataFolderInUse } = await import('../../dev/dev.ts');
  const { targetOf, withKeys } = await import('../connect.ts');
  const tools = await openTools(call);
  const findTool = async (name: string): Promise<string> => (await tools.resolver.resolve(name)).path;
  for (;;) {
    const found = await findDev(settings.data);
    if (found) {
      const target = await withKeys(targetOf(found, settings.data), settings, call.terminal.env);
      return { target, ...(found.server && { server: found.server }), ...borrowed, findTool };
    }
    try {
      return { ...(await startRuntime(call, tools, how)), findTool };
    } catch (error) {
      // Somebody was quicker by a moment: that one is found now.
      if (!(error instanceof DataFolderInUse)) throw error;
    }
  }
}

/** A runtime that ends with somebody else's process. */
const borrowed = { isOurs: false, ended: new Promise<string>(() => {}), close: async () => {} };

async function startRuntime(
  call: Call<WorkerOptions>,
  { resolver, quiet }: TerminalTools,
  { port, level, tell = (text) => void call.terminal.err.write(`${text}\n`) }: RuntimeOptions,
): Promise<Omit<Runtime, 'findTool'>> {
  const { settings } = call;
  const { startDev } = await import('../../dev/dev.ts');
  const { targetOf, withKeys } = await import('../connect.ts');
  tell(`Starting Temporal and a worker in ${settings.data}`);
  const server = await startDev({
    data: settings.data,
    tools: resolver,
    log: tell,
    ...(port !== undefined && { port }),
  });
  quiet();
  const opened: { close(): Promise<void> }[] = [server];
  const close = async (): Promise<void> => {
    for (const part of opened.splice(0).toReversed()) await part.close();
  };
  try {
    const target = await withKeys(targetOf(server, settings.data), settings, call.terminal.env);
    const http = await openHttp(call, target, level);
    opened.push(http);
    const worker = await openWorker(call, target, resolver, {
      allowInlineSteps: true,
      allowSteps: ['bash'],
      allowHttp: ['loopback', 'private'],
      ...(level && { level }),
    });
    opened.push({ close: () => worker.stop() });
    await server.announceServer(http.url);
    const serverEnd = server.exited.then((error) => error?.message ?? 'The server is stopped.');
    return { target, server: http.url, isOurs: true, ended: Promise.race([serverEnd, worker.ended]), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** On the first free port, unless the user names one. */
async function openHttp(call: Call, target: Target, level?: LogLevel): Promise<RunningServer> {
  const { findFreePort } = await import('../../dev/ports.ts');
  const port = serverPort(call.settings) ?? (await findFreePort(usualServerPort));
  return startHere(call, target, port, level);
}

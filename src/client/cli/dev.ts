import type { Target } from '../connect.ts';
import { InvalidInput } from '../errors.ts';
import type { LogLevel } from '../settings.ts';
import { findPlaces, removeStores } from './clean.ts';
import { defineCommand, option, type Call } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { openInterruption, whenAborted } from './interruption.ts';
import { openTools, type TerminalTools } from './open-tools.ts';
import { printResult } from './output.ts';
import { openWorker } from './worker.ts';
import { workerOptions, type WorkerOptions } from './worker-options.ts';

interface DevOptions extends WorkerOptions {
  readonly port?: string;
  readonly reset?: boolean;
}

export const dev = defineCommand<DevOptions>({
  name: 'dev',
  summary: 'Run a Temporal server and a worker for development, until Ctrl-C',
  description: [
    'Keeps everything in the data folder and tells every other command where to connect.',
    'Inline steps are allowed. For production use `gantry worker` with a Temporal cluster of yours.',
  ].join('\n'),
  options: [
    option('--port <number>', 'first port to try for Temporal (default: 7233)'),
    option('--reset', 'begin anew: forget every promotion and the files of them'),
    ...workerOptions,
  ],
  examples: [
    'gantry dev',
    'gantry dev --data /var/tmp/gantry --port 7300 --definitions ./pipelines',
    'gantry dev --reset',
  ],
  async run(call) {
    const port = parsePort(call.options.port);
    if (call.options.reset) await resetData(call);
    const interruption = openInterruption(call.terminal);
    const tell = await openTelling(call);
    const runtime = await openRuntime(call, { port, tell });
    try {
      await printRuntime(call, runtime);
      if (!runtime.isOurs) return exitCodes.succeeded;
      const why = await Promise.race([runtime.ended, whenAborted(interruption.signal)]);
      if (why === 'stopped') return exitCodes.succeeded;
      tell(why);
      return exitCodes.failed;
    } finally {
      await runtime.close();
      interruption.close();
    }
  },
});

/** Where logs are for machines, every line is one of the log. */
async function openTelling({ settings, terminal }: Call): Promise<(text: string) => void> {
  const write = (line: string): void => void terminal.err.write(line);
  if (settings.logFormat === 'text') return (text) => write(`${text}\n`);
  const { createLog } = await import('../../log.ts');
  const log = createLog({ level: 'info', format: 'json', write });
  return (text) => log.info(text);
}

/** Rejects, with nothing lost, while a server or a worker runs there. */
async function resetData(call: Call): Promise<void> {
  const { findStores } = await import('../../stores.ts');
  const places = await findPlaces(call);
  const stores = (await findStores(places)).filter(({ name }) => name === 'data' || name === 'workspaces');
  await removeStores(places, stores);
}

/** A server and a worker: ours, or those of a `dev` that runs in the same data folder. Must be closed. */
export interface Runtime {
  readonly target: Target;
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
      return { target, ...borrowed, findTool };
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
  try {
    const target = await withKeys(targetOf(server, settings.data), settings, call.terminal.env);
    const worker = await openWorker(call, target, resolver, {
      allowInlineSteps: true,
      allowSteps: ['bash'],
      allowHttp: ['loopback', 'private'],
      ...(level && { level }),
    });
    const serverEnd = server.exited.then((error) => error?.message ?? 'The server is stopped.');
    const close = async (): Promise<void> => {
      await worker.stop();
      await server.close();
    };
    return { target, isOurs: true, ended: Promise.race([serverEnd, worker.ended]), close };
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function printRuntime(call: Call, { target, isOurs }: Runtime): Promise<void> {
  const { address, namespace, ui } = target;
  const title = isOurs ? 'Gantry is ready' : 'Gantry is running already';
  await printResult(call, { address, namespace, ui, data: call.settings.data, started: isOurs }, () =>
    [
      `${title} in ${call.settings.data}`,
      `  Temporal  ${address}, namespace ${namespace}`,
      `  Web UI    ${ui}`,
      'Try next:',
      '  gantry promote --help',
      `  temporal workflow start --address ${address} --type promotion --task-queue gantry --input-file p.json`,
      isOurs ? 'Ctrl-C stops it.\n' : '',
    ].join('\n'),
  );
}

function parsePort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 64_535) return port;
  throw new InvalidInput(
    `--port ${text}: write a port number, at most 64535 (the Web UI takes the port 1000 above)`,
  );
}

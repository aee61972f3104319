import { InvalidInput } from '../errors.ts';
import { findPlaces, removeStores } from './clean.ts';
import { defineCommand, option, type Call } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { openInterruption, whenAborted } from './interruption.ts';
import { printResult } from './output.ts';
import { openRuntime, type Runtime } from './runtime.ts';
import { serverOptions } from './server.ts';
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
    ...serverOptions,
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

async function printRuntime(call: Call, { target, server, isOurs }: Runtime): Promise<void> {
  const { address, namespace, ui } = target;
  const title = isOurs ? 'Gantry is ready' : 'Gantry is running already';
  await printResult(call, { address, namespace, ui, server, data: call.settings.data, started: isOurs }, () =>
    [
      `${title} in ${call.settings.data}`,
      `  Temporal  ${address}, namespace ${namespace}`,
      `  Web UI    ${ui}`,
      ...(server ? [`  Webhooks  ${server}`] : []),
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

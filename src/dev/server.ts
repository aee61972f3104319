import { messageOf } from '../core/errors.ts';
import { findProcess } from '../tools/tools.ts';
import { dataFiles, writeJson } from './data-folder.ts';
import { findFreePort } from './ports.ts';
import { openWhenReady, setRetention } from './ready.ts';
import { openServerProcess, sizeOf, tailOf } from './server-process.ts';

export interface ServerOptions {
  /** The temporal binary. */
  readonly path: string;
  readonly data: string;
  readonly port: number;
  readonly log: (text: string) => void;
}

/** A server whose namespace answers. */
export interface RunningServer {
  readonly address: string;
  readonly ui: string;
  readonly namespace: string;
  readonly gone: Promise<string>;
  readonly end: () => Promise<void>;
  /** The end of what it has logged. */
  readonly tail: () => Promise<string>;
}

const namespace = 'default';
const retentionDays = 30;
const readyWithin = 60_000;

/** Starts a server on the first free ports. Rejects with the end of its log; then nothing is left running. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { data, log } = options;
  for (let attempt = 1; ; attempt += 1) {
    const logStart = await sizeOf(dataFiles(data).log);
    const tail = () => tailOf(dataFiles(data).log, logStart);
    try {
      return { ...(await tryToStart(options)), tail };
    } catch (error) {
      const end = await tail();
      // Somebody may take a port between our look and the server's.
      if (attempt === 3 || !end.includes('address already in use')) {
        throw new Error(`The Temporal server did not start: ${messageOf(error)}\n${end}`, { cause: error });
      }
      log('A port was taken in the last moment; trying others');
    }
  }
}

async function tryToStart({ path, data, port, log }: ServerOptions): Promise<Omit<RunningServer, 'tail'>> {
  const files = dataFiles(data);
  const frontend = await findFreePort(port);
  const web = await findFreePort(port === 0 ? 0 : port + 1000, [frontend]);
  if (port !== 0 && frontend !== port) log(`Port ${port} is busy, so the server listens on ${frontend}`);
  if (port !== 0 && web !== port + 1000) log(`Port ${port + 1000} is busy, so the Web UI listens on ${web}`);

  const { pid, gone, end } = await openServerProcess(
    path,
    serverArgs(files.database, frontend, web),
    files.log,
  );
  try {
    await writeJson(files.server, await findProcess(pid));
    const address = `127.0.0.1:${frontend}`;
    await prepareNamespace(address, gone);
    return { address, ui: `http://127.0.0.1:${web}`, namespace, gone, end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** The settings make a step five times as fast and let a database file bear load. */
function serverArgs(database: string, port: number, uiPort: number): string[] {
  const options = {
    '--ip': '127.0.0.1',
    '--port': port,
    '--ui-port': uiPort,
    '--namespace': namespace,
    '--db-filename': database,
    '--log-level': 'warn',
    '--sqlite-pragma': ['journal_mode=wal', 'synchronous=normal'],
    '--dynamic-config-value': [
      'history.transferProcessorMaxPollRPS=1000',
      'history.timerProcessorMaxPollRPS=1000',
      'history.timerProcessorMaxTimeShift="1ms"',
      'system.enableActivityEagerExecution=true',
      // Parts of a queue hand tasks on at ten a second: the last of many starts would wait for seconds.
      'matching.numTaskqueueWritePartitions=1',
      'matching.numTaskqueueReadPartitions=1',
    ],
  };
  const args = Object.entries(options).flatMap(([flag, values]) =>
    [values].flat().flatMap((value) => [flag, String(value)]),
  );
  return ['server', 'start-dev', ...args];
}

async function prepareNamespace(address: string, gone: Promise<string>): Promise<void> {
  const ready = new AbortController();
  const late = setTimeout(
    () => ready.abort(new Error(`no answer within ${readyWithin / 1000} s`)),
    readyWithin,
  );
  void gone.then((how) => ready.abort(new Error(`it ended (${how})`)));
  try {
    const connection = await openWhenReady(address, namespace, ready.signal);
    try {
      await setRetention(connection, namespace, retentionDays);
    } finally {
      await connection.close();
    }
  } finally {
    clearTimeout(late);
  }
}

import type { Target } from '../connect.ts';
import { InvalidInput } from '../errors.ts';
import type { RunningServer } from '../server/server.ts';
import type { Settings } from '../settings.ts';
import { defineCommand, settingOption, type Call } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { openInterruption, whenAborted } from './interruption.ts';
import { printResult } from './output.ts';
import { gitHostSettings } from './worker-options.ts';

/** Settings of the server, as options. */
export const serverOptions = [
  settingOption('serverHost'),
  settingOption('serverPort'),
  settingOption('serverUrl'),
  settingOption('webhooks'),
];

/** First port that is tried when nobody says. */
export const usualServerPort = 8235;

export const server = defineCommand({
  name: 'server',
  summary: 'Take webhooks of Git hosts, until it is told to stop',
  description: [
    'Rings promotions that wait for a pull request as soon as their Git host tells that something happened to it.',
    'Listens on this machine only, unless it is told otherwise; `gantry dev` has one of its own.',
    'GET /healthz says that it runs, GET /readyz that it reaches Temporal.',
  ].join('\n'),
  options: [
    ...serverOptions,
    settingOption('secrets'),
    settingOption('gitHosts'),
    settingOption('logLevel'),
    settingOption('logFormat'),
  ],
  examples: [
    'gantry server --secrets ./secrets --webhooks github.com=webhooks/github',
    'gantry server --server-host 0.0.0.0 --server-url https://gantry.acme.example',
  ],
  async run(call) {
    const { findTarget, openClient } = await import('../connect.ts');
    const target = await findTarget(call.settings, call.terminal.env);
    // Says within seconds why not, where a server would only answer 503.
    await (await openClient(target)).close();
    const interruption = openInterruption(call.terminal);
    const running = await startHere(call, target, serverPort(call.settings) ?? usualServerPort);
    try {
      const { url } = running;
      await printResult(call, { url, temporal: target.address, namespace: target.namespace }, () =>
        explain(url, target.address),
      );
      await whenAborted(interruption.signal);
      return exitCodes.succeeded;
    } finally {
      await running.close();
      interruption.close();
    }
  },
});

/** Starts the server of a command in this process. */
export async function startHere(
  { settings, terminal }: Call,
  target: Target,
  port: number,
  level = settings.logLevel,
): Promise<RunningServer> {
  const { openServer } = await import('../server/open-server.ts');
  const { createLog } = await import('../../log.ts');
  const { patterns } = await gitHostSettings(settings);
  const log = createLog({
    level: settings.origins.logLevel === 'default' ? level : settings.logLevel,
    format: settings.logFormat,
    write: (line) => void terminal.err.write(line),
  });
  return openServer({ settings, target, hosts: patterns, log: log.child({ part: 'server' }), port });
}

/** The port that the settings name. InvalidInput when it is none. */
export function serverPort({ serverPort: text, origins }: Settings): number | undefined {
  // Kubernetes sets GANTRY_SERVER_PORT to such an address beside a Service called gantry-server.
  if (text === undefined || text.startsWith('tcp://')) return undefined;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidInput(
    `${origins.serverPort ?? 'server.port'} is ${JSON.stringify(text)}: write a port number, at most 65535`,
  );
}

function explain(url: string, temporal: string): string {
  return [
    `Gantry server  ${url}`,
    `Temporal       ${temporal}`,
    'Try next:',
    `  curl ${url}/readyz`,
    '  gantry webhooks',
    'Ctrl-C stops it.\n',
  ].join('\n');
}

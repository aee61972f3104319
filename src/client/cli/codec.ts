import { InvalidInput } from '../errors.ts';
import { defineCommand, option, type Call } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { openInterruption, whenAborted } from './interruption.ts';
import { printResult } from './output.ts';

interface CodecOptions {
  readonly port?: string;
  readonly host?: string;
  readonly origin?: readonly string[];
  readonly token?: string;
}

export const codec = defineCommand<CodecOptions>({
  name: 'codec',
  summary: "Show encrypted payloads to Temporal's Web UI and command line, until Ctrl-C",
  description: [
    'Serves /encode and /decode with the keys of the setting encryption.keys. Whoever can ask it can read everything:',
    'it listens on this machine only, unless it is given a token, and web pages need to be named.',
  ].join('\n'),
  options: [
    option('--port <number>', 'port to listen on (default: 8234)'),
    option('--host <address>', 'address to listen on (default: 127.0.0.1); another one needs --token'),
    option(
      '--origin <url...>',
      'Web UI that may ask, such as http://localhost:8233 (default: that of `gantry dev`)',
    ),
    option('--token <file>', 'file with the token that everybody has to send'),
  ],
  examples: [
    'gantry codec --encryption-keys ./keys',
    'gantry codec --encryption-keys env:GANTRY_KEYS --origin https://temporal.example',
  ],
  async run(call) {
    const { loadKeys } = await import('../../encryption/keys.ts');
    const { openCodecServer } = await import('../../encryption/codec-server.ts');
    const { settings, terminal, options } = call;
    if (settings.encryptionKeys === undefined)
      throw new InvalidInput(
        'There are no keys: name them with --encryption-keys or the setting encryption.keys',
      );
    const keys = await loadKeys(settings.encryptionKeys, terminal.env).catch(rethrow);
    const { host = '127.0.0.1' } = options;
    const token = await readToken(call, host);
    const origins = await findOrigins(call);
    const interruption = openInterruption(terminal);
    const server = await openCodecServer({
      keys,
      host,
      port: parsePort(options.port),
      origins,
      ...token,
    }).catch(rethrow);
    try {
      await printResult(call, { url: server.url, origins, keys: keys.map(({ id }) => id) }, () =>
        explain(server.url, origins),
      );
      await whenAborted(interruption.signal);
      return exitCodes.succeeded;
    } finally {
      await server.close();
      interruption.close();
    }
  },
});

function explain(url: string, origins: readonly string[]): string {
  return [
    `Codec endpoint  ${url}`,
    `Web pages       ${origins.join(', ') || 'none: name the Web UI with --origin'}`,
    'Try next:',
    `  temporal workflow show --codec-endpoint ${url} -w WORKFLOW_ID`,
    'Ctrl-C stops it.\n',
  ].join('\n');
}

async function readToken(
  { options }: Call<CodecOptions>,
  host: string,
): Promise<{ readonly token?: string }> {
  const { isLoopback } = await import('../../encryption/codec-server.ts');
  if (options.token === undefined) {
    if (isLoopback(host)) return {};
    throw new InvalidInput(
      `--host ${host}: others could read everything; let them show a token, with --token <file>`,
    );
  }
  const { readFile } = await import('node:fs/promises');
  const token = (await readFile(options.token, 'utf8').catch(rethrow)).trim();
  if (token.length >= 16) return { token };
  throw new InvalidInput(`--token ${options.token}: the file holds less than 16 characters`);
}

async function findOrigins({ options, settings }: Call<CodecOptions>): Promise<readonly string[]> {
  if (options.origin) return options.origin.map(parseOrigin);
  const { findDev } = await import('../../dev/dev.ts');
  const dev = await findDev(settings.data);
  return dev ? [dev.ui, dev.ui.replace('127.0.0.1', 'localhost')] : [];
}

function parseOrigin(text: string): string {
  const { origin = '' } = URL.canParse(text) ? new URL(text) : {};
  if (/^https?:/.test(origin)) return origin;
  throw new InvalidInput(`--origin ${text}: write the address of the Web UI, such as http://localhost:8233`);
}

function parsePort(text = '8234'): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidInput(`--port ${text}: write a port number, at most 65535`);
}

function rethrow(error: unknown): never {
  throw new InvalidInput(error instanceof Error ? error.message : String(error), { cause: error });
}

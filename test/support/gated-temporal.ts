import {
  connect,
  createServer,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { createGates, type Gates } from './gates.ts';

/** A Temporal server behind gates, for clients that are to die at one certain call; patterns are for messages of calls. */
export interface GatedTemporal {
  readonly address: string;
  /** They stop a call on its way to the server, or its answer. Opened, they let nothing through whose client is gone. */
  readonly gates: Gates<'request' | 'answer'>;
  end(): Promise<void>;
}

/** Passes every call on to the server at the address. */
export async function openGatedTemporal(address: string): Promise<GatedTemporal> {
  const gates = createGates<'request' | 'answer'>();
  const sessions = new Set<{ destroy(): void }>();

  async function handle(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, to: ClientHttp2Session) {
    const body = await buffer(stream);
    const gate = gates.isOpen ? undefined : gates.meet(readMessage(body));
    if (gate === 'request') await gates.opened;
    if (stream.destroyed || to.destroyed) return;
    passOn(stream, headers, body, to, gate === 'answer' ? gates.opened : undefined);
  }

  const server = createServer();
  server.on('session', (session) => {
    const to = connect(`http://${address}`);
    to.on('error', () => session.destroy());
    for (const one of [session, to]) sessions.add(one);
    session.on('error', () => {});
    session.on('close', () => to.destroy());
    to.on('close', () => session.destroy());
    session.on('stream', (stream, headers) => {
      stream.on('error', () => {});
      handle(stream, headers, to).catch(() => stream.destroy());
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    gates,
    async end() {
      for (const session of sessions) session.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

/** The text in the one message of a unary call: five bytes say whether it is compressed and how long it is. */
function readMessage(body: Buffer): string {
  if (body.length < 5) return '';
  const bytes = body.subarray(5);
  return (body[0] === 1 ? gunzipSync(bytes) : bytes).toString('latin1');
}

function passOn(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  body: Buffer,
  to: ClientHttp2Session,
  hold: Promise<void> | undefined,
): void {
  const call = to.request(headers, { endStream: false });
  stream.on('close', () => call.close());
  call.on('error', () => stream.destroy());
  call.on('response', (first, flags) => {
    const endStream = (flags & endsStream) !== 0;
    answer(stream, call, first, endStream, hold).catch(() => stream.destroy());
  });
  call.end(body);
}

async function answer(
  stream: ServerHttp2Stream,
  call: ClientHttp2Stream,
  headers: IncomingHttpHeaders,
  endStream: boolean,
  hold: Promise<void> | undefined,
): Promise<void> {
  let trailers: IncomingHttpHeaders = {};
  call.on('trailers', (last) => (trailers = last));
  await hold;
  if (stream.destroyed) return;
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  stream.respond(headers, { endStream, waitForTrailers: !endStream });
  if (!endStream) call.pipe(stream);
}

/** Of HTTP/2: nothing comes after these headers. */
const endsStream = 0x1;

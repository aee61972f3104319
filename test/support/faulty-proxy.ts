import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What befalls a request: an answer of its own, no answer at all, or none although the server behind took it. */
export type Fault =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  | 'cut'
  | 'lose the answer'
  | 'half an answer';

/** A loopback server before another one that breaks what it is told to break, and keeps what it saw. */
export interface FaultyProxy {
  /** Without a slash at its end. */
  readonly url: string;
  /** `METHOD /path?query` of every request, in order. */
  readonly seen: string[];
  readonly headers: Readonly<Record<string, string | string[] | undefined>>[];
  /** The next requests that fit meet these faults, one each. */
  break(fits: RegExp, ...faults: readonly Fault[]): void;
  close(): Promise<void>;
}

export async function openFaultyProxy(target: string): Promise<FaultyProxy> {
  const waiting: { readonly fits: RegExp; readonly faults: Fault[] }[] = [];
  const seen: string[] = [];
  const headers: FaultyProxy['headers'] = [];
  const server = createServer((incoming, outgoing) => {
    const line = `${incoming.method} ${incoming.url}`;
    seen.push(line);
    headers.push(incoming.headers);
    const fault = waiting.find(({ fits, faults }) => faults.length > 0 && fits.test(line))?.faults.shift();
    meet(fault, target, incoming, outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    headers,
    break: (fits, ...faults) => void waiting.push({ fits, faults: [...faults] }),
    close: () => close(server),
  };
}

function meet(
  fault: Fault | undefined,
  target: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): void {
  if (fault === 'cut') {
    incoming.socket.destroy();
    return;
  }
  if (typeof fault === 'object') {
    incoming.resume();
    const { status, headers = {}, body = { message: 'a planted fault' } } = fault;
    outgoing.writeHead(status, { 'content-type': 'application/json', ...headers });
    outgoing.end(JSON.stringify(body));
    return;
  }
  const { method, headers } = incoming;
  const onward = request(`${target}${incoming.url}`, { method, headers, agent: false }, (answer) => {
    if (fault === 'lose the answer') {
      answer.resume();
      answer.once('end', () => incoming.socket.destroy());
    } else if (fault === 'half an answer') {
      outgoing.writeHead(answer.statusCode!, {
        'content-type': 'application/json',
        'content-length': '100000',
      });
      outgoing.write('{"number":');
      answer.resume();
      answer.once('end', () => incoming.socket.destroy());
    } else {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    }
  });
  onward.on('error', () => incoming.socket.destroy());
  incoming.pipe(onward);
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

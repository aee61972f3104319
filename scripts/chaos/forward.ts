import { request as ask, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Reply } from '../../test/support/git-http-backend.ts';

/** What another server on this machine answers to the same request; undefined when it does not. */
export async function forward(origin: string, request: IncomingMessage): Promise<Reply | undefined> {
  try {
    const response = await passOn(origin, request);
    const body = await buffer(response);
    return { status: response.statusCode ?? 502, headers: lasting(response), body };
  } catch {
    return undefined;
  }
}

function passOn(origin: string, request: IncomingMessage): Promise<IncomingMessage> {
  const { method, headers } = request;
  return new Promise((resolve, reject) => {
    const onward = ask(new URL(request.url ?? '/', origin), { method, headers }, resolve);
    onward.on('error', reject);
    request.on('aborted', () => onward.destroy());
    request.pipe(onward);
  });
}

/** Without those that are about the connection. */
function lasting({ headers }: IncomingMessage): Reply['headers'] {
  const own = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length']);
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      own.has(name) || value === undefined ? [] : [[name, value]],
    ),
  );
}

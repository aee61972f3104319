import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { EngineCase, ScriptedAnswer } from './engine-case.ts';

/** The case with the address of a server that gives its answers; without answers there is no server. */
export async function serveStub(
  recorded: EngineCase,
): Promise<{ readonly engineCase: EngineCase; readonly close: () => Promise<void> }> {
  if (!recorded.http) return { engineCase: recorded, close: () => Promise.resolve() };
  const answers = new Map(Object.entries(recorded.http).map(([request, list]) => [request, [...list]]));
  const server = createServer((request, response) => {
    void answer(request, response, answers.get(`${request.method} ${request.url}`) ?? []);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    engineCase: JSON.parse(JSON.stringify(recorded).replaceAll('http://stub.test', address)) as EngineCase,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  answers: ScriptedAnswer[],
): Promise<void> {
  const next = answers.length > 1 ? answers.shift() : answers[0];
  const { status = next ? 200 : 404, headers = {}, body } = next ?? {};
  const echoed = await text(request);
  const isText = typeof body === 'string';
  const content = body === '@echo' ? echoed : isText ? body : body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, {
    ...(body !== undefined && !isText && { 'Content-Type': 'application/json' }),
    ...headers,
  });
  response.end(content);
}

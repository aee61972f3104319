import type { AddressInfo } from 'node:net';
import rateLimit from '@fastify/rate-limit';
import { fastify, type FastifyError, type FastifyInstance } from 'fastify';
import type { Log } from '../../log.ts';
import { createDoorbells } from './doorbells/doorbells.ts';
import { addGuard } from './guard.ts';
import { addHealthRoutes } from './health.ts';
import { reasonOf, type ServerTemporal } from './temporal.ts';
import type { OpenReceiver } from './webhooks/receivers.ts';
import { addWebhookRoutes } from './webhooks/routes.ts';

export interface ServerOptions {
  readonly temporal: ServerTemporal;
  /** Address to listen on. */
  readonly host: string;
  /** 0 for any. */
  readonly port: number;
  /** Address under which others reach it. */
  readonly publicURL?: string;
  /** What has to be shown to change anything. */
  readonly token: string;
  readonly receivers: () => Promise<readonly OpenReceiver[]>;
  readonly log: Log;
}

/** A server that takes requests. */
export interface RunningServer {
  /** Where it listens. */
  readonly url: string;
  /** Lets what is under way end, within 5 seconds; Temporal's connection stays open. */
  close(): Promise<void>;
}

/** Starts the server and returns when it takes requests. Rejects when the address cannot be listened on. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { temporal, host, port, receivers, log } = options;
  const doorbells = createDoorbells({
    ...temporal,
    warn: (error) => log.warn('Promotions could not be looked for again', { reason: reasonOf(error) }),
  });
  const server = fastify({
    bodyLimit: 1024 * 1024,
    requestTimeout: 30_000,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
  });
  addLog(server, log);
  addErrors(server, log);
  await server.register(rateLimit, { max: 1200, timeWindow: '1 minute' });
  addGuard(server, options);
  addHealthRoutes(server, temporal);
  await server.register(async (scope) => addWebhookRoutes(scope, { receivers, doorbells, log }));
  await server.listen({ host, port });
  return {
    url: urlOf(server.server.address() as AddressInfo),
    async close() {
      doorbells.close();
      const cut = setTimeout(() => server.server.closeAllConnections(), 5000);
      await server.close();
      clearTimeout(cut);
    },
  };
}

/** One line for each request. Routes, not addresses: these may hold a secret. */
function addLog(server: FastifyInstance, log: Log): void {
  server.addHook('onResponse', async ({ method, routeOptions, ip }, { statusCode, elapsedTime }) => {
    const fields = { method, route: routeOptions.url ?? 'none', status: statusCode, ip };
    const level = statusCode >= 500 ? 'warn' : statusCode >= 400 ? 'info' : 'debug';
    log[level]('Request', { ...fields, ms: Math.round(elapsedTime) });
  });
}

function addErrors(server: FastifyInstance, log: Log): void {
  server.setNotFoundHandler((_request, reply) => reply.code(404).send({ message: 'there is nothing here' }));
  server.setErrorHandler((error: FastifyError, _request, reply) => {
    const { statusCode = 500, code } = error;
    if (statusCode >= 500) log.error('A request could not be answered', { error: reasonOf(error) });
    const message = explanations[code] ?? (statusCode < 500 ? error.message : 'it could not be answered');
    return reply.code(statusCode).send({ message });
  });
}

const explanations: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'send application/json: choose it as content type at the host',
  FST_ERR_CTP_BODY_TOO_LARGE: 'the body is too large: webhooks have at most 2 MiB',
};

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

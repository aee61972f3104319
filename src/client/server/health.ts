import type { FastifyInstance } from 'fastify';
import { reasonOf, type ServerTemporal } from './temporal.ts';

/** `healthz`: the process answers. `readyz`: Temporal does, too; else 503 with its reason. */
export function addHealthRoutes(server: FastifyInstance, temporal: Pick<ServerTemporal, 'check'>): void {
  const options = { config: { isOpen: true } };
  server.get('/healthz', options, async () => ({ status: 'ok' }));
  server.get('/readyz', options, async (_request, reply) => {
    try {
      await temporal.check();
      return { status: 'ok' };
    } catch (error) {
      return reply
        .code(503)
        .send({ status: 'unavailable', message: `Temporal does not answer: ${reasonOf(error)}` });
    }
  });
}

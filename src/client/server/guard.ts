import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isLoopback } from '../../encryption/codec-server.ts';
import { isSameText } from './webhooks/signature.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Anybody may ask, under any name: it has a signature of its own, or tells nothing. */
    readonly isOpen?: boolean;
  }
}

/** Who may ask. */
export interface GuardOptions {
  /** Address that is listened on. */
  readonly host: string;
  /** Under which others reach it. */
  readonly publicURL?: string;
  /** What has to be shown to change anything. */
  readonly token: string;
}

/**
 * Refuses what a web page could make a browser ask: other names of this host and pages of other origins, also on
 * loopback. To change anything takes JSON and the token.
 */
export function addGuard(server: FastifyInstance, options: GuardOptions): void {
  const names = namesOf(options);
  server.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config?.isOpen) return undefined;
    return refuse(request, reply, names, options.token);
  });
}

function refuse(
  { method, headers }: FastifyRequest,
  reply: FastifyReply,
  names: ReadonlySet<string>,
  token: string,
): FastifyReply | undefined {
  const { host = '', origin } = headers;
  const explain = (status: number, message: string) => reply.code(status).send({ message });
  if (!isNamed(host, names)) return explain(403, 'asked under a name that is not known: see server.url');
  if (origin !== undefined && !isNamed(origin.replace(/^https?:\/\//, ''), names))
    return explain(403, 'pages of other origins may not ask');
  if (method === 'GET' || method === 'HEAD') return undefined;
  if (!/^application\/json\b/i.test(headers['content-type'] ?? ''))
    return explain(415, 'send application/json');
  if (isSameText(headers.authorization ?? '', `Bearer ${token}`)) return undefined;
  return explain(401, 'send the token: Authorization: Bearer TOKEN');
}

/** Without ports: a name tells who is meant, the port only which door. */
function namesOf({ host, publicURL }: GuardOptions): ReadonlySet<string> {
  const names = [host, ...(publicURL === undefined ? [] : [new URL(publicURL).hostname])];
  return new Set(names.map(bare));
}

function isNamed(authority: string, names: ReadonlySet<string>): boolean {
  const name = bare(authority.replace(/:\d+$/, ''));
  return names.has(name) || (isLoopback(name) && [...names].some(isLoopback));
}

function bare(name: string): string {
  return name.toLowerCase().replace(/^\[|\]$/g, '');
}

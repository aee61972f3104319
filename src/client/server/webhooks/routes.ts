import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { pullRequestKey } from '../../../core/pull-request-key.ts';
import type { Json } from '../../../core/json.ts';
import type { Log } from '../../../log.ts';
import type { Doorbells } from '../doorbells/doorbells.ts';
import { reasonOf } from '../temporal.ts';
import type { Delivery, WebhookEvent } from './host.ts';
import { webhookHosts, type WebhookKind } from './hosts.ts';
import type { OpenReceiver } from './receivers.ts';

/** What webhooks are taken with. */
export interface WebhookParts {
  readonly receivers: () => Promise<readonly OpenReceiver[]>;
  readonly doorbells: Pick<Doorbells, 'ring'>;
  readonly log: Log;
}

/** Bytes of a delivery; hosts say no more in less. */
export const maximumDelivery = 2 * 1024 * 1024;

/** Where deliveries of a kind of host go. */
export function webhookPath(kind: WebhookKind): string {
  return `/webhooks/${kind}`;
}

/**
 * Takes webhooks: `POST /webhooks/KIND`. What is not signed is not read. Answers within seconds: 200 with how many
 * promotions were rung, 503 when Temporal does not answer.
 */
export function addWebhookRoutes(server: FastifyInstance, parts: WebhookParts): void {
  // The bytes are what is signed.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(/^application\/json\b/i, { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  for (const kind of Object.keys(webhookHosts) as WebhookKind[]) {
    const options = {
      bodyLimit: maximumDelivery,
      config: { isOpen: true, rateLimit: { max: 30_000, timeWindow: '1 minute' } },
    };
    const paths = kind === 'azure' ? [webhookPath(kind), `${webhookPath(kind)}/:tail`] : [webhookPath(kind)];
    for (const path of paths)
      server.post(path, options, (request, reply) => take(kind, request, reply, parts));
  }
}

async function take(
  kind: WebhookKind,
  request: FastifyRequest,
  reply: FastifyReply,
  { receivers, doorbells, log }: WebhookParts,
): Promise<FastifyReply> {
  const answer = (status: number, content: object) => reply.code(status).send(content);
  const delivery = deliveryOf(request);
  const host = webhookHosts[kind];
  const refusal = 'refuse' in host ? host.refuse(delivery) : undefined;
  if (refusal !== undefined) return answer(400, { message: refusal });
  const ofKind = (await receivers()).filter((receiver) => receiver.kind === kind);
  if (ofKind.length === 0) return answer(404, { message: `no webhooks of ${kind} are taken here` });
  const receiver = ofKind.find(({ value }) => host.isAuthentic(delivery, value, Date.now()));
  if (!receiver) return answer(401, { message: `not signed with the secret of ${kind}, or too long ago` });
  const payload = parse(delivery.body);
  if (payload === undefined) return answer(400, { message: 'the body is no JSON' });
  const event = host.read(delivery, payload, receiver.host);
  if (event.kind === 'ignored') return answer(200, { rung: 0, ignored: event.reason });
  try {
    const rung = await doorbells.ring(ringOf(event, receiver));
    return await answer(200, { rung });
  } catch (error) {
    log.warn('A webhook could not be passed on', { kind, reason: reasonOf(error) });
    return answer(503, { message: 'promotions cannot be reached now: deliver it again' });
  }
}

function deliveryOf({ headers, body, params }: FastifyRequest): Delivery {
  const { tail } = params as { readonly tail?: string };
  return { headers, body: body as Buffer, ...(tail !== undefined && { tail }) };
}

function ringOf(
  { names, number, action }: Extract<WebhookEvent, { kind: 'pullRequest' }>,
  { kind, secret: { project } }: OpenReceiver,
): Parameters<Doorbells['ring']>[0] {
  const [repository = ''] = names;
  return {
    keys: names.map((name) => pullRequestKey(name, number)),
    ...(project !== undefined && { project }),
    hint: { host: kind, repository: repository.slice(0, 500), number, action: action.slice(0, 100) },
  };
}

function parse(body: Buffer): Json | undefined {
  try {
    return JSON.parse(body.toString()) as Json;
  } catch {
    return undefined;
  }
}

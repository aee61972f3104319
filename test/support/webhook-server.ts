import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import type { JsonObject } from '../../src/core/json.ts';
import type { RingablePromotion } from '../../src/client/server/doorbells/find-promotions.ts';
import { startServer, type RunningServer } from '../../src/client/server/server.ts';
import type { OpenReceiver } from '../../src/client/server/webhooks/receivers.ts';
import { createLog } from '../../src/log.ts';

/** What a webhook server of a test is told of Temporal, and what it did there. */
export interface FakeTemporal {
  promotions: readonly RingablePromotion[];
  /** Set while it does not answer. */
  down?: string;
  readonly rung: { readonly workflowId: string; readonly hint: JsonObject }[];
  /** Questions for promotions, with the keys of each. */
  readonly finds: (readonly string[])[];
}

/** The real HTTP server before a Temporal that only says who waits. */
export interface WebhookServer {
  readonly server: RunningServer;
  readonly temporal: FakeTemporal;
  readonly lines: string[];
  close(): Promise<void>;
}

export const token = 'a-token-of-thirty-two-characters';

export async function openWebhookServer(
  receivers: readonly OpenReceiver[],
  more: { readonly host?: string; readonly publicURL?: string } = {},
): Promise<WebhookServer> {
  const temporal: FakeTemporal = { promotions: [], rung: [], finds: [] };
  const lines: string[] = [];
  const fail = () =>
    temporal.down === undefined ? Promise.resolve() : Promise.reject(new Error(temporal.down));
  const server = await startServer({
    temporal: {
      check: fail,
      async find(keys) {
        await fail();
        temporal.finds.push(keys);
        return temporal.promotions.filter(({ pullRequests }) =>
          pullRequests.some((key) => keys.includes(key)),
        );
      },
      async signal(workflowId, hint) {
        await fail();
        temporal.rung.push({ workflowId, hint });
      },
      close: () => Promise.resolve(),
    },
    host: '127.0.0.1',
    port: 0,
    token,
    receivers: () => Promise.resolve(receivers),
    log: createLog({ level: 'debug', format: 'json', write: (line) => void lines.push(line) }),
    ...more,
  });
  return { server, temporal, lines, close: () => server.close() };
}

/** A delivery as a page of its host shows it. */
export interface RecordedDelivery {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
}

export function readDelivery(name: string): RecordedDelivery {
  const file = new URL(`../fixtures/webhooks/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as RecordedDelivery;
}

/** What each kind of host adds to show that it knows the secret. */
export const sign: Readonly<Record<string, (body: string, secret: string) => Record<string, string>>> = {
  github: (body, secret) => ({ 'x-hub-signature-256': `sha256=${hmac(body, secret)}` }),
  gitea: (body, secret) => ({
    'x-gitea-signature': hmac(body, secret),
    'x-hub-signature-256': `sha256=${hmac(body, secret)}`,
  }),
  gitlab: (_body, secret) => ({ 'x-gitlab-token': secret }),
  bitbucket: (body, secret) => ({ 'x-hub-signature': `sha256=${hmac(body, secret)}` }),
  azure: (_body, secret) => ({ authorization: `Basic ${Buffer.from(`any:${secret}`).toString('base64')}` }),
};

/** As Standard Webhooks has it. */
export function signInTime(body: string, secret: string, at = Date.now()): Record<string, string> {
  const id = randomUUID();
  const seconds = String(Math.floor(at / 1000));
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': `v1,AAAA v1,${signature}` };
}

export interface Answer {
  readonly status: number;
  readonly body: { readonly message?: string; readonly rung?: number; readonly ignored?: string };
}

/** One request, with exactly these headers. */
export function send(
  url: string,
  path: string,
  {
    method = 'POST',
    headers = {},
    body,
  }: { method?: string; headers?: Record<string, string>; body?: string },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(new URL(path, url), { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, body: text ? (JSON.parse(text) as Answer['body']) : {} });
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}

function hmac(body: string, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

import { AddressRefused } from '../http/connect.ts';
import type { Http } from '../http/http.ts';
import { readBody } from '../http/read-body.ts';
import { NotSent, Unsure } from './errors.ts';

/** A message for Slack, or a server that speaks its language. */
export interface SlackMessage {
  /** Fields of `chat.postMessage`, `text` or `blocks` among them. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Address of an incoming webhook; else the token of a bot and the address of the API. */
  readonly to: { readonly webhook: string } | { readonly token: string; readonly baseURL: string };
}

/**
 * Posts a message once; resolves with its timestamp where the server tells one. Rejects with NotSent when it certainly
 * was not posted, with Unsure when it may have been.
 */
export async function postToSlack(http: Http, { body, to }: SlackMessage): Promise<string | undefined> {
  const isWebhook = 'webhook' in to;
  const url = isWebhook ? to.webhook : `${to.baseURL.replace(/\/$/, '')}/chat.postMessage`;
  if (!URL.canParse(url)) throw new NotSent('the address of Slack in the Secret or channel is none');
  const authorization = isWebhook ? [] : [{ name: 'authorization', value: `Bearer ${to.token}` }];
  const headers = [{ name: 'content-type', value: 'application/json; charset=utf-8' }, ...authorization];
  const request = { method: 'POST', url: new URL(url), headers, body: JSON.stringify(body), timeout };
  const answer = await http
    .send(request, async (got) => ({
      status: got.status,
      text: (await readBody(got, 65_536)).toString('utf8'),
    }))
    .catch((error: Error) => {
      throw wasRefused(error)
        ? new NotSent(hide(error.message, url), error)
        : new Unsure(hide(error.message, url), error);
    });
  return isWebhook ? checkWebhook(answer) : readAnswer(answer);
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function checkWebhook({ status, text }: Answer): undefined {
  checkStatus(status, text);
  return undefined;
}

function readAnswer({ status, text }: Answer): string | undefined {
  checkStatus(status, text);
  const { ok, error, ts } = parse(text);
  if (ok === true) return typeof ts === 'string' ? ts : undefined;
  if (ok === false) throw new NotSent(`Slack refuses the message: ${String(error)}`);
  throw new Unsure('Slack answers with something else than it is used to');
}

function checkStatus(status: number, text: string): void {
  if (status >= 200 && status < 300) return;
  const told = `Slack answers with status ${status}${text ? `: ${text.slice(0, 200)}` : ''}`;
  throw status >= 500 ? new Unsure(told) : new NotSent(told);
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(text) ?? {}) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}

/** The path of a webhook is its secret. */
function hide(message: string, url: string): string {
  return message.replaceAll(new URL(url).pathname, '/…');
}

/** Before anything was sent. */
function wasRefused({ cause }: Error): boolean {
  if (!(cause instanceof Error)) return false;
  const { code } = cause as NodeJS.ErrnoException;
  if (['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'].includes(code ?? '')) return true;
  return cause instanceof AddressRefused || cause.cause instanceof AddressRefused;
}

/** Milliseconds. */
const timeout = 30_000;

import { TerminalError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { HttpAnswer } from '../http/http.ts';
import { readBody } from '../http/read-body.ts';
import { headerOf, type HostAnswer, type HostRequest } from './host-request.ts';

/** An answer with its body as JSON, and how long that is. Rejects with TerminalError when a web page came. */
export async function readAnswer(
  answer: HttpAnswer,
): Promise<{ readonly read: HostAnswer; readonly size: number }> {
  const { status, headers } = answer;
  const text = (await readBody(answer, maximumAnswer)).toString();
  const body = parse(text);
  if (status < 300 && body === undefined && text.trim() !== '' && /html/.test(headers['content-type'] ?? ''))
    throw new TerminalError('the host answers with a web page: it wants a sign-in, or its API is elsewhere');
  return { read: { status, headers, body }, size: text.length };
}

function parse(text: string): Json | undefined {
  try {
    return text.trim() === '' ? undefined : (JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}

/** The path of the next page by the header `Link`. Of the link only the query counts: behind a proxy hosts often take themselves for another. */
export function nextLink(answer: HostAnswer, { path }: HostRequest): string | undefined {
  const link = /<([^>]+)>\s*;[^,]*\brel="?next"?/.exec(headerOf(answer, 'link') ?? '')?.[1];
  return link === undefined ? undefined : `${path}?${link.split('?')[1] ?? ''}`;
}

const maximumAnswer = 32 * 1024 * 1024;

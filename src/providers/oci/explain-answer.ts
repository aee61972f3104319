import { isObject, type Json } from '../../core/json.ts';
import type { HttpAnswer } from '../http/http.ts';
import { readBody } from '../http/read-body.ts';

/** What a registry says of a request it refuses, in one line: its own codes and words, else the status. */
export async function explainAnswer(answer: HttpAnswer): Promise<string> {
  const status = `status ${answer.status}`;
  const body = await readBody(answer, 64 * 1024).catch(() => Buffer.alloc(0));
  const said = readErrors(body.toString()).join('; ');
  return said ? `${said} (${status})` : (words[answer.status] ?? status);
}

const words: Readonly<Record<number, string>> = {
  403: 'access is denied (status 403)',
  404: 'it is not there (status 404)',
};

function readErrors(text: string): readonly string[] {
  try {
    const value = JSON.parse(text) as Json;
    const { errors } = isObject(value) ? value : {};
    return (Array.isArray(errors) ? (errors as readonly Json[]) : []).slice(0, 5).flatMap((error) => {
      const { code, message } = isObject(error) ? error : {};
      const said = [code, message].filter((part) => typeof part === 'string');
      return said.length > 0 ? [said.join(': ').slice(0, 300)] : [];
    });
  } catch {
    return [];
  }
}

import { Callable, Dict, List, type Value } from '../expression/values.ts';

/** A response as expressions see it. */
export interface HttpResponse {
  readonly status: number;
  /** In the order of the response; a name may stand there twice. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Value;
}

/** The names of an expression over a response: `response` with `status`, `header(name)`, `headers` and `body`. */
export function namesOfResponse({ status, headers, body }: HttpResponse): Dict {
  const byName = new Map<string, string[]>();
  for (const [name, value] of headers) {
    const canonical = canonicalName(name);
    byName.set(canonical, [...(byName.get(canonical) ?? []), value]);
  }
  const header = new Callable(([name]) =>
    typeof name === 'string' ? (byName.get(canonicalName(name))?.[0] ?? '') : '',
  );
  const response = new Dict(
    new Map<string, Value>([
      ['status', BigInt(status)],
      ['headers', new Dict(new Map([...byName].map(([name, values]) => [name, new List(values)])))],
      ['header', header],
      ['body', body],
    ]),
  );
  return new Dict(new Map([['response', response]]));
}

/** `X-Trace`, however it was written. */
function canonicalName(name: string): string {
  return name.toLowerCase().replace(/(^|-)[a-z]/g, (letters) => letters.toUpperCase());
}

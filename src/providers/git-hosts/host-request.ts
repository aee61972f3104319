import type { IncomingHttpHeaders } from 'node:http';
import type { Json } from '../../core/json.ts';

/** What is asked of the API of a host. */
export interface HostRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the base of the API on (`repos/acme/ops/pulls`), or an address that the host gave. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
  /** What it is for, as errors say it: `reading pull request #7`. */
  readonly purpose: string;
  /** Being carried out twice does no harm. Default: GET alone. */
  readonly isRepeatable?: boolean;
}

export interface HostAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Undefined when there is none, or it is no JSON. */
  readonly body: Json | undefined;
}

/** How one kind of host speaks, beyond what all have in common. */
export interface HostDialect {
  /** Sent with each request: the token, versions. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds to leave the host alone, of an answer that says so in its own way; 429 is understood anyway. */
  readonly busyFor?: (answer: HostAnswer) => number | undefined;
  /** What the token would need for a request that was refused: `the scope write:repository`. */
  readonly missingScope?: (answer: HostAnswer) => string | undefined;
}

/** The value of a header; the first when it stands there twice. */
export function headerOf({ headers }: Pick<HostAnswer, 'headers'>, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

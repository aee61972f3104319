import { problem } from './github-wire.ts';

export interface Caller {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, never>>;
  readonly token: string | undefined;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: string;
  /** Groups are handed to `answer`. */
  readonly path: RegExp;
  /** Answers whoever asks. */
  readonly isOpen?: true;
  answer(caller: Caller, match: RegExpExecArray): Answer | Promise<Answer>;
}

/** A path below the repository, by name or by its number. */
export function below(pattern: string): RegExp {
  return new RegExp(`^/(?:repos/acme/[^/]+|repositories/1296269)${pattern}$`);
}

export function notFound(): Answer {
  return { status: 404, body: problem('Not Found', 404) };
}

import type { IncomingHttpHeaders } from 'node:http';
import { createAddressRules } from './address-rules.ts';
import { findAuthorities } from './authorities.ts';
import type { exchange as Exchange } from './exchange.ts';
import { proxyFromEnvironment, type Proxy } from './proxy.ts';

/** What the operator says about connections of steps. */
export interface HttpPolicy {
  /** What may be reached beside public addresses; see `createAddressRules`. */
  readonly allow: readonly string[];
}

export interface HttpRequest {
  readonly method: string;
  /** Absolute, of http or https. User and password in it become a header. */
  readonly url: URL;
  /** In order; a name may stand there twice. */
  readonly headers?: readonly { readonly name: string; readonly value: string }[];
  /** Pieces can be read only once: such a request is not redirected. */
  readonly body?: string | Buffer | AsyncIterable<Buffer>;
  /** Milliseconds from connecting to the last byte of the answer. */
  readonly timeout: number;
  readonly skipVerify?: boolean;
  /** Instead of the one of the worker's environment. */
  readonly proxy?: URL;
  /** False: an answer that leads elsewhere is an answer. */
  readonly followsRedirects?: boolean;
}

/** An answer; its body has not been read. */
export interface HttpAnswer {
  readonly status: number;
  /** As sent: names and values in turn. */
  readonly rawHeaders: readonly string[];
  readonly headers: IncomingHttpHeaders;
  /** Bytes the server announces, before decompression; undefined when it does not. */
  readonly announced: number | undefined;
  /** The body piece by piece; must be read to its end or left early. */
  readonly body: AsyncIterable<Buffer>;
}

/** How to read an answer. */
export interface ReadOptions {
  /** Take the bytes as the server stored them: nothing is asked for or undone. */
  readonly asStored?: boolean;
}

/** HTTP for steps: one request at a time, each address checked, redirects followed, nothing repeated by itself. */
export interface Http {
  /**
   * Sends a request and gives its answer to `use`, whatever its status; resolves with what that makes of it. Rejects with
   * an Error that names method, host and reason, and with the signal's own reason after an abort.
   */
  send<T>(request: HttpRequest, use: (answer: HttpAnswer) => Promise<T>, options?: ReadOptions): Promise<T>;
}

export interface HttpOptions {
  readonly policy?: HttpPolicy;
  /** Proxies and certificates of the worker. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export function createHttp({ policy, environment = {}, signal }: HttpOptions): Http {
  const rules = createAddressRules(policy?.allow ?? []);
  return {
    async send(request, use, options = {}) {
      signal.throwIfAborted();
      const { exchange } = await (loading ??= import('./exchange.ts'));
      const { proxy } = request;
      const own: Proxy | undefined = proxy && { url: proxy, isUsers: true };
      const proxyFor = (url: URL) => own ?? proxyFromEnvironment(environment, url);
      const authorities = () => findAuthorities(environment['SSL_CERT_FILE']);
      return exchange(request, use, { ...options, rules, proxyFor, authorities, signal });
    },
  };
}

/** What makes requests is loaded with the first one; to ask for it each time would take longer than some requests do. */
let loading: Promise<{ readonly exchange: typeof Exchange }> | undefined;

import { lookup, type LookupAddress } from 'node:dns';
import * as http from 'node:http';
import * as https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { RequestFunction } from 'got';
import { HttpsProxyAgent } from 'hpagent';
import type { AddressRules } from './address-rules.ts';
import type { Proxy } from './proxy.ts';

/** A connection that the address rules of the worker do not allow. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';

  constructor(host: string, address: string, kind: string) {
    const where = host === address ? host : `${host} (${address})`;
    super(
      `connections to ${where}, ${kind}, are not allowed: the operator of the worker can allow it with http.allow`,
    );
  }
}

/** How connections are made. */
export interface ConnectOptions {
  readonly rules: AddressRules;
  /** The proxy for an address; undefined when it is reached directly. */
  readonly proxyFor: (url: URL) => Proxy | undefined;
  readonly verify: boolean;
  /** Whom to trust; undefined = whom Node trusts. */
  readonly authorities: () => SecureContext | undefined;
  readonly signal: AbortSignal;
}

/**
 * Makes requests for got, each redirect anew: every address is checked when the connection is opened, and only the checked
 * one is connected to, so that a name cannot point elsewhere meanwhile.
 */
export function createRequestFunction(options: ConnectOptions): RequestFunction {
  const { rules, proxyFor } = options;
  const checked = checkedLookup(rules);
  return (url, native, onResponse) => {
    checkLiteral(url.hostname, rules);
    const proxy = proxyFor(url);
    const trust = url.protocol === 'https:' ? trustOf(options) : {};
    const own = { ...native, ...trust, lookup: checked, agent: false as const };
    const { request } = url.protocol === 'https:' ? https : http;
    if (!proxy) return request(url, own, onResponse);
    // Behind a proxy the name is looked up there: at least what means this host itself stays out.
    if (isOwnName(url.hostname)) checkLoopback(url.hostname, rules);
    if (proxy.isUsers) checkLiteral(proxy.url.hostname, rules);
    const proxyLookup = proxy.isUsers ? { lookup: checked } : {};
    if (url.protocol === 'https:') {
      return request(url, { ...own, agent: tunnel(proxy.url, { ...options, ...proxyLookup }) }, onResponse);
    }
    return forward(url, proxy.url, { ...withoutLookup(own), ...proxyLookup }, onResponse);
  };
}

type Native = https.RequestOptions;
type OnResponse = ((response: http.IncomingMessage) => void) | undefined;

/** Plain HTTP through a proxy: the proxy gets the whole address. */
function forward(url: URL, proxy: URL, native: Native, onResponse: OnResponse): http.ClientRequest {
  const target = new URL(url);
  [target.username, target.password, target.hash] = ['', '', ''];
  const headers = {
    host: url.host,
    ...(native.headers as http.OutgoingHttpHeaders),
    ...authorization(proxy),
  };
  const { request } = proxy.protocol === 'https:' ? https : http;
  const to = { host: bare(proxy.hostname), port: proxy.port || portOf(proxy), path: target.href };
  return request({ ...native, ...to, headers }, onResponse);
}

function tunnel(
  proxy: URL,
  { lookup: find, ...options }: ConnectOptions & { readonly lookup?: LookupFunction },
): HttpsProxyAgent {
  const trust = { rejectUnauthorized: options.verify, ...trustOf(options) };
  // A proxy that never answers would outlive the request.
  const how = { ...trust, signal: options.signal, ...(find && { lookup: find }) };
  return new HttpsProxyAgent({ proxy, proxyRequestOptions: how, ...trust });
}

function trustOf({ authorities }: ConnectOptions): { readonly secureContext?: SecureContext } {
  const secureContext = authorities();
  return secureContext ? { secureContext } : {};
}

function withoutLookup(native: Native): Native {
  const { lookup: _, ...rest } = native;
  return rest;
}

function authorization({ username, password }: URL): http.OutgoingHttpHeaders {
  if (!username && !password) return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** Node does not look up what is an address already. */
function checkLiteral(hostname: string, rules: AddressRules): void {
  const address = bare(hostname);
  if (isIP(address) === 0) return;
  const kind = rules.refuse(address, address);
  if (kind) throw new AddressRefused(address, address, kind);
}

function checkLoopback(hostname: string, rules: AddressRules): void {
  const kind = rules.refuse('127.0.0.1', hostname);
  if (kind) throw new AddressRefused(hostname, '127.0.0.1', kind);
}

function isOwnName(hostname: string): boolean {
  return /^(.*\.)?localhost\.?$/i.test(hostname);
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function portOf({ protocol }: URL): string {
  return protocol === 'https:' ? '443' : '80';
}

/** Finds the addresses of a name and hands on those that are allowed. */
function checkedLookup(rules: AddressRules): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, []);
      const allowed = found.filter(({ address }) => rules.refuse(address, hostname) === undefined);
      const [first] = allowed;
      if (!first) return callback(refusal(hostname, found, rules), []);
      if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

function refusal(hostname: string, [first]: readonly LookupAddress[], rules: AddressRules): Error {
  if (!first) return new Error(`${hostname} has no address`);
  return new AddressRefused(hostname, first.address, rules.refuse(first.address, hostname) ?? 'an address');
}

import { generateKeyPairSync, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import type { HttpServers } from './http-server.ts';
import { openRegistry, type TestRegistry } from './registry.ts';

/** A registry that only takes tokens, and the service that gives them to whoever shows user and password. */
export interface TokenRegistry {
  readonly registry: TestRegistry;
  /** What the service was asked, newest last. */
  readonly asked: readonly TokenQuestion[];
  /** Seconds that tokens hold from now on. */
  lifetime: number;
}

export interface TokenQuestion {
  readonly service: string | null;
  readonly scopes: readonly string[];
  readonly user: string | undefined;
}

/** Who may do what: `user:password` → patterns of scopes; the empty user is everybody. */
export type Grants = Readonly<Record<string, RegExp>>;

/** Starts both; the service ends with the servers, the registry must be closed. */
export async function openTokenRegistry(servers: HttpServers, grants: Grants): Promise<TokenRegistry> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const asked: TokenQuestion[] = [];
  const answer: RequestListener = (request, response) => {
    const { searchParams } = new URL(request.url!, 'http://localhost');
    const pair = Buffer.from(
      (request.headers.authorization ?? '').replace('Basic ', ''),
      'base64',
    ).toString();
    const scopes = searchParams.getAll('scope');
    asked.push({ service: searchParams.get('service'), scopes, user: pair.split(':')[0] || undefined });
    const granted = grants[pair];
    if (!granted) {
      response.writeHead(401).end();
      return;
    }
    const access = scopes.filter((scope) => granted.test(scope)).map(readScope);
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: 'test',
      aud: 'tests',
      sub: pair,
      nbf: now - 5,
      iat: now,
      exp: now + rig.lifetime,
      access,
    };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ token: encode(claims) }));
  };
  const encode = (claims: object): string => {
    const parts = [{ typ: 'JWT', alg: 'ES256', kid: 'one' }, claims].map(base64);
    const text = parts.join('.');
    const signature = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    return `${text}.${signature.toString('base64url')}`;
  };
  const realm = `${await servers.serve(answer)}/token`;
  const registry = await openRegistry((folder) => {
    const jwks = join(folder, 'keys.json');
    const key = { ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'ES256', use: 'sig' };
    writeFileSync(jwks, JSON.stringify({ keys: [key] }));
    return { token: { realm, service: 'tests', issuer: 'test', jwks, signingalgorithms: ['ES256'] } };
  });
  // What the test itself puts there.
  const now = Math.floor(Date.now() / 1000);
  const all = ['repository:team/app:pull,push', 'repository:prod/app:pull,push', 'registry:catalog:*'].map(
    readScope,
  );
  const claims = {
    iss: 'test',
    aud: 'tests',
    sub: 'test',
    nbf: now - 5,
    iat: now,
    exp: now + 3600,
    access: all,
  };
  registry.authorization = `Bearer ${encode(claims)}`;
  const rig = { registry, asked, lifetime: 300 };
  return rig;
}

function readScope(scope: string): object {
  const [type, name, actions = ''] = scope.split(':');
  return { type, name, actions: actions.split(',') };
}

function base64(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

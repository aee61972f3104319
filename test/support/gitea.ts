import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startGitea, type GiteaOptions } from '../../src/dev/gitea.ts';
import { toolPath } from './tools.ts';

/** A real Gitea on loopback with nothing in it but its administrator `root1`; must be closed. */
export interface TestGitea {
  /** Without a slash at its end. */
  readonly url: string;
  /** May do everything. */
  readonly token: string;
  /** A user who may sign in; returns a token with these scopes, by default all. */
  createUser(name: string): Promise<string>;
  createToken(user: string, scopes?: readonly string[]): Promise<string>;
  /** A repository of a user with one commit on `main` (`README.md`); returns its address without user. */
  createRepository(
    name: string,
    options?: { readonly owner?: string; readonly isPrivate?: boolean },
  ): Promise<string>;
  /** The address of a repository with a token in it, for git. */
  addressFor(name: string, token?: string, owner?: string): string;
  /** Calls the API: `repos/root1/ops`; rejects when it refuses. */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  close(): Promise<void>;
}

/** Starts one: in about a second, once the first one on this machine has made an empty installation. */
export async function openGitea(options: Pick<GiteaOptions, 'config'> = {}): Promise<TestGitea> {
  const root = mkdtempSync(join(tmpdir(), 'gantry-gitea-'));
  const binary = toolPath('gitea');
  const prepared = join(dirname(binary), 'prepared');
  const gitea = await startGitea({ binary, folder: join(root, 'data'), prepared, ...options });
  const { username, password } = gitea.admin;
  const basic = (user: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const ask = async (authorization: string, method: string, path: string, body?: unknown) => {
    const headers = { authorization, 'content-type': 'application/json' };
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const response = await fetch(`${gitea.url}/api/v1/${path}`, init);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? (JSON.parse(text) as unknown) : undefined;
  };
  let tokens = 0;
  const createToken: TestGitea['createToken'] = async (user, scopes = ['all']) => {
    const body = { name: `t${(tokens += 1)}`, scopes };
    return ((await ask(basic(user), 'POST', `users/${user}/tokens`, body)) as { readonly sha1: string }).sha1;
  };
  const token = await createToken(username);
  const call: TestGitea['call'] = (method, path, body) => ask(`token ${token}`, method, path, body);
  return {
    url: gitea.url,
    token,
    createToken,
    call,
    async createUser(name) {
      const body = { username: name, password, email: `${name}@example.test`, must_change_password: false };
      await call('POST', 'admin/users', body);
      return createToken(name);
    },
    async createRepository(name, { owner = username, isPrivate = true } = {}) {
      const body = { name, private: isPrivate, auto_init: true, default_branch: 'main' };
      await call('POST', `admin/users/${owner}/repos`, body);
      return `${gitea.url}/${owner}/${name}.git`;
    },
    addressFor: (name, shown = token, owner = username) =>
      `${gitea.url.replace('://', `://x:${shown}@`)}/${owner}/${name}.git`,
    async close() {
      await gitea.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

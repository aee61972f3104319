import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Gitea } from '../../../dev/gitea.ts';

/** The demo's repository on its own Gitea: kept from run to run. */
export interface DemoHost {
  /** Address of the repository, without a user. */
  readonly url: string;
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  readonly token: string;
  /** Who may sign in there. */
  readonly admin: Gitea['admin'];
  /** How many pull requests there were. */
  countPullRequests(): Promise<number>;
  /** Has deliveries sent to this address from now on, and nowhere else. */
  setWebhook(url: string, secret: string): Promise<void>;
  /** Merges through the API, as somebody does who approves of it; waits while Gitea still examines it. */
  merge(number: number): Promise<void>;
}

/** Makes the repository of a folder of files when it is not there yet. */
export async function openDemoHost({ url, admin }: Gitea, template: string): Promise<DemoHost> {
  const { username, password } = admin;
  const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const path = `repos/${username}/demo`;
  const ask = (method: string, to: string, body?: object): Promise<Response> =>
    fetch(`${url}/api/v1/${to}`, {
      method,
      headers: { authorization: basic, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
  const call = async (method: string, to: string, body?: object): Promise<Response> => {
    const answer = await ask(method, to, body);
    if (answer.ok) return answer;
    throw new Error(`Gitea: ${method} ${to}: ${answer.status} ${(await answer.text()).slice(0, 500)}`);
  };

  if (!(await ask('GET', path)).ok) {
    await call('POST', 'user/repos', { name: 'demo', auto_init: true, default_branch: 'main' });
    await call('POST', `${path}/contents`, {
      branch: 'main',
      message: 'The app of the demo',
      files: await readFiles(template),
    });
  }
  const name = `demo ${Date.now()}`;
  const made = await call('POST', `users/${username}/tokens`, { name, scopes: ['write:repository'] });
  const { sha1: token } = (await made.json()) as { readonly sha1: string };

  return {
    url: `${url}/${username}/demo.git`,
    host: new URL(url).host,
    token,
    admin,
    async countPullRequests() {
      const { headers } = await call('GET', `${path}/pulls?state=all&limit=1`);
      return Number(headers.get('x-total-count') ?? 0);
    },
    async setWebhook(target, secret) {
      const hooks = (await (await call('GET', `${path}/hooks`)).json()) as { readonly id: number }[];
      for (const { id } of hooks) await call('DELETE', `${path}/hooks/${id}`);
      const config = { url: target, content_type: 'json', secret };
      await call('POST', `${path}/hooks`, { type: 'gitea', active: true, events: ['pull_request'], config });
    },
    async merge(number) {
      for (const until = Date.now() + 60_000; ; await wait(200)) {
        const answer = await ask('POST', `${path}/pulls/${number}/merge`, { Do: 'merge' });
        if (answer.ok) return;
        const said = await answer.text();
        if (answer.status !== 405 || Date.now() > until)
          throw new Error(
            `Gitea does not merge pull request ${number}: ${answer.status} ${said.slice(0, 500)}`,
          );
      }
    },
  };
}

async function readFiles(folder: string): Promise<readonly object[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      // Gitea makes a README with every repository.
      .filter((entry) => entry.isFile() && entry.name !== 'README.md')
      .map(async ({ parentPath, name }) => {
        const path = join(parentPath, name);
        const content = (await readFile(path)).toString('base64');
        return { operation: 'create', path: path.slice(folder.length + 1), content };
      }),
  );
}

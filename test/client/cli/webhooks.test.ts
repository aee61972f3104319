import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Registration } from '../../../src/client/server/webhooks/register.ts';
import type { OpenReceiver } from '../../../src/client/server/webhooks/receivers.ts';
import { openGitHub } from '../../providers/git-hosts/github-server.ts';
import { openGitLabServer } from '../../providers/git-hosts/gitlab-server.ts';
import { runGantry } from '../../support/cli.ts';
import { openGitea, type TestGitea } from '../../support/gitea.ts';
import { until } from '../../support/promotion-rig.ts';
import { openWebhookServer } from '../../support/webhook-server.ts';

describe('gantry webhooks --register', function () {
  this.timeout(60_000);
  let cwd: string;
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'gantry-register-'));
    mkdirSync(join(cwd, 'secrets'));
  });
  afterEach(() => rmSync(cwd, { recursive: true }));

  /** The folder of Secrets: repositories of projects, and what webhooks are signed with. */
  function writeSecrets(
    repositories: readonly Repository[],
    webhooks: Readonly<Record<string, string>>,
  ): void {
    const items = repositories.map(({ project = 'demo', ...texts }, at) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: `r${at}`, namespace: project, labels: { 'kargo.akuity.io/cred-type': 'git' } },
      stringData: texts,
    }));
    const shared = ['kargo-shared-resources', 'demo', 'other'].map((namespace) => ({
      kind: 'Secret',
      metadata: { name: 'webhooks', namespace },
      stringData: webhooks,
    }));
    const list = JSON.stringify({ kind: 'List', items: [...items, ...shared] });
    writeFileSync(join(cwd, 'secrets/all.json'), list);
  }

  async function register(
    hosts: readonly string[],
    kinds: readonly string[],
    more: readonly string[] = [],
  ): Promise<{ code: number; ends: readonly Registration[]; stderr: string }> {
    const argv = [
      'webhooks',
      '--register',
      '--secrets',
      'secrets',
      '-o',
      'json',
      '--webhooks',
      hosts.join(','),
    ];
    const { code, stdout, stderr } = await runGantry([...argv, '--git-hosts', kinds.join(','), ...more], {
      cwd,
    });
    return { code, ends: JSON.parse(stdout || '[]') as Registration[], stderr };
  }

  describe('at a real Gitea', () => {
    let gitea: TestGitea;
    let host: string;
    let repoURL: string;
    before(async () => {
      gitea = await openGitea();
      host = new URL(gitea.url).host;
      repoURL = await gitea.createRepository('ops');
    });
    after(() => gitea.close());

    it('has its deliveries sent, signed with the secret of today', async () => {
      const secret = { name: 'webhooks', key: 'gitea' };
      const receiver: OpenReceiver = { kind: 'gitea', host, secret, value: 'second' };
      const server = await openWebhookServer([receiver]);
      try {
        const more = ['--server-url', server.server.url];
        for (const [value, result] of [
          ['first', 'created'],
          ['second', 'updated'],
        ] as const) {
          writeSecrets([{ repoURL, password: gitea.token }], { gitea: value });
          const { code, ends } = await register([`${host}=webhooks/gitea`], [`${host}=gitea`], more);
          const url = `${server.server.url}/webhooks/gitea`;
          assert.deepEqual(ends, [{ repository: repoURL, project: 'demo', result, url }]);
          assert.equal(code, 0);
        }
        const number = await openRequest(gitea);
        const pullRequests = [`${host}/root1/ops#${number}`];
        server.temporal.promotions = [{ workflowId: 'one', project: 'demo', pullRequests }];
        await gitea.call('PATCH', `repos/root1/ops/pulls/${number}`, { state: 'closed' });
        await until(() => server.temporal.rung.length > 0);
        assert.equal(((await gitea.call('GET', 'repos/root1/ops/hooks')) as unknown[]).length, 1);
      } finally {
        await server.close();
      }
    });

    it('is refused with the scope that a token lacks, and shows no secret', async () => {
      const password = await gitea.createToken('root1', ['read:repository']);
      writeSecrets([{ repoURL, password }], { gitea: 'it is a secret' });
      const { code, ends } = await register([`${host}=webhooks/gitea`], [`${host}=gitea`]);
      assert.equal(code, 1);
      assert.match(ends[0]?.message ?? '', /scope write:repository/);
      assert.doesNotMatch(JSON.stringify(ends), new RegExp(`it is a secret|${password}`));
    });
  });

  it('takes what Secrets name at hosts of all kinds, and tells what is left to do by hand', async () => {
    const [github, gitlab] = [await openGitHub(), await openGitLabServer()];
    try {
      const [one, two] = [github, gitlab].map(({ url }) => new URL(url).host) as [string, string];
      const password = 'ghp_right';
      writeSecrets(
        [
          { repoURL: `${github.url}/acme/ops.git`, password },
          { repoURL: `${github.url}/acme/ops`, password, project: 'other' },
          { repoURL: `${gitlab.url}/acme/platform/ops.git`, password: 'strong-token' },
          { repoURL: 'https://bitbucket.org/acme/ops.git', password },
          { repoURL: 'https://git.unknown.example/acme/ops.git', password },
          { repoURL: 'https://dev.azure.com/acme/_git/ops', password },
          { repoURL: '^https://github.com/.*$', repoURLIsRegex: 'true', password },
        ],
        { key: 'it is a secret' },
      );
      const names = [one, two, 'bitbucket.org'].map((name) => `${name}=webhooks/key`);
      const more = ['--server-url', 'https://gantry.example/'];
      const { code, ends } = await register(names, [`${one}=github`, `${two}=gitlab`], more);
      assert.deepEqual(
        ends.map(({ result, project, url }) => [result, project, url]),
        [
          ['created', 'demo', 'https://gantry.example/webhooks/github'],
          ['created', 'demo', 'https://gantry.example/webhooks/gitlab'],
          ['by hand', 'demo', 'https://gantry.example/webhooks/bitbucket'],
          ['failed', 'demo', undefined],
          ['failed', 'demo', undefined],
        ],
      );
      assert.equal(code, 1);
      assert.match(ends[3]?.message ?? '', /git\.unknown\.example.*git\.hosts/);
      assert.match(ends[4]?.message ?? '', /webhooks names no secret for dev\.azure\.com/);
      const [hook] = github.hooks;
      assert.deepEqual(hook?.events, ['pull_request', 'pull_request_review']);
      assert.equal(hook.config.secret, 'it is a secret');
      assert.equal(gitlab.repository.hooks[0]?.secret, 'it is a secret');
    } finally {
      await Promise.all([github.close(), gitlab.close()]);
    }
    assert.deepEqual(gitlab.undocumented, []);
  });

  it('takes repositories that the user names, with the credentials of the project', async () => {
    const github = await openGitHub();
    try {
      const { host } = new URL(github.url);
      const pattern = { repoURL: `^${github.url}/.*$`, repoURLIsRegex: 'true', password: 'ghp_right' };
      writeSecrets([pattern], { key: 'it is a secret' });
      const argv = [`${github.url}/acme/ops.git`];
      const [hosts, kinds] = [[`${host}=webhooks/key`], [`${host}=github`]];
      const without = await register(hosts, kinds, argv);
      assert.match(without.ends[0]?.message ?? '', /no credentials for .*cred-type: git/);
      const { ends } = await register(hosts, kinds, [...argv, '--project', 'demo']);
      assert.deepEqual([ends.length, ends[0]?.result], [1, 'created']);
    } finally {
      await github.close();
    }
  });

  it('leaves a repository to the first of two projects with secrets of their own', async () => {
    const github = await openGitHub();
    try {
      const { host } = new URL(github.url);
      const repository = { repoURL: `${github.url}/acme/ops.git`, password: 'ghp_right' };
      writeSecrets([repository, { ...repository, project: 'other' }], { one: 'of one', two: 'of two' });
      const hosts = [`${host}=demo/webhooks/one`, `${host}=other/webhooks/two`];
      const { ends } = await register(hosts, [`${host}=github`]);
      assert.deepEqual(
        ends.map(({ project, result }) => [project, result]),
        [
          ['demo', 'created'],
          ['other', 'failed'],
        ],
      );
      assert.match(ends[1]?.message ?? '', /signed with the secret of project demo/);
      assert.equal(github.hooks[0]?.config.secret, 'of one');
    } finally {
      await github.close();
    }
  });

  const wrong: Record<string, readonly [argv: readonly string[], said: RegExp]> = {
    'an address that only this machine has': [['--register'], /^server\.url is not set: .*--server-url/m],
    'a server.url that is none': [['--register', '--server-url', 'gantry'], /"gantry": write an address/],
    'Secrets that name no repository': [
      ['--register', '--server-url', 'https://g.example'],
      /no Secret for Git/,
    ],
    'repositories without --register': [['https://github.com/acme/ops.git'], /belong to --register/],
    'a project without --register': [['--project', 'demo'], /belong to --register/],
  };
  for (const [name, [argv, said]] of Object.entries(wrong)) {
    it(`refuses ${name}`, async () => {
      writeSecrets([], { key: 'it is a secret' });
      const settings = ['--secrets', 'secrets', '--webhooks', 'github.com=webhooks/key'];
      const { code, stderr } = await runGantry(['webhooks', ...settings, ...argv], { cwd });
      assert.equal(code, 2);
      assert.match(stderr, said);
    });
  }
});

interface Repository {
  readonly repoURL: string;
  readonly password: string;
  readonly project?: string;
  readonly repoURLIsRegex?: string;
}

/** Its number. */
async function openRequest(gitea: TestGitea): Promise<number> {
  await gitea.call('POST', 'repos/root1/ops/contents/change.txt', {
    branch: 'main',
    new_branch: 'change',
    message: 'Change',
    content: Buffer.from('change\n').toString('base64'),
  });
  const made = await gitea.call('POST', 'repos/root1/ops/pulls', {
    head: 'change',
    base: 'main',
    title: 'Change',
  });
  return (made as { readonly number: number }).number;
}

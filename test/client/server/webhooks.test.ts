import assert from 'node:assert/strict';
import { secretPath } from '../../../src/client/server/webhooks/azure.ts';
import type { OpenReceiver } from '../../../src/client/server/webhooks/receivers.ts';
import {
  openWebhookServer,
  readDelivery,
  send,
  sign,
  signInTime,
  type WebhookServer,
} from '../../support/webhook-server.ts';

const secret = 'it is a secret';
const signing = `whsec_${Buffer.from('a signing key').toString('base64')}`;
const shared = { name: 'webhooks', key: 'secret' };
const receivers: readonly OpenReceiver[] = [
  { kind: 'github', host: 'github.com', secret: shared, value: 'of another repository' },
  { kind: 'github', host: 'github.com', secret: shared, value: secret },
  { kind: 'gitea', host: 'git.inside:3300', secret: shared, value: secret },
  { kind: 'gitlab', host: 'gitlab.example.com', secret: shared, value: secret },
  { kind: 'gitlab', host: 'gitlab.example.com', secret: shared, value: signing },
  { kind: 'bitbucket', host: 'bitbucket.example.com', secret: shared, value: secret },
  { kind: 'azure', host: 'dev.azure.com', secret: { ...shared, project: 'demo' }, value: secret },
];

/** Deliveries of pages, and the names under which steps know their repository. */
const deliveries = [
  ['github', 'github-merged', 'github.com/acme/ops'],
  ['gitea', 'gitea-merged', 'git.inside:3300/acme/ops'],
  ['gitea', 'gitea-merged', 'gitea.example.com:3300/acme/ops'],
  ['gitlab', 'gitlab-merged', 'gitlab.example.com/acme/platform/ops'],
  ['gitlab', 'gitlab-closed', 'gitlab.example.com/acme/platform/ops'],
  ['bitbucket', 'bitbucket-fulfilled', 'bitbucket.org/acme/ops'],
  ['bitbucket', 'bitbucket-rejected', 'bitbucket.org/acme/ops'],
  ['bitbucket', 'bitbucket-server-merged', 'bitbucket.example.com/acme/ops'],
  ['bitbucket', 'bitbucket-server-declined', 'bitbucket.example.com/acme/ops'],
  ['azure', 'azure-merged', 'dev.azure.com/acme/platform/ops'],
  ['azure', 'azure-completed', 'dev.azure.com/acme/platform/ops'],
  ['azure', 'azure-abandoned', 'dev.azure.com/acme/platform/ops'],
] as const;

describe('webhooks', () => {
  let opened: WebhookServer;
  beforeEach(async () => {
    opened = await openWebhookServer(receivers);
  });
  afterEach(() => opened.close());

  const waiting = (workflowId: string, repository: string, project = 'demo') => ({
    workflowId,
    project,
    pullRequests: [`${repository}#12`],
  });
  const deliver = (kind: string, name: string, more: Record<string, string> = {}, path = kind) => {
    const { headers, body } = readDelivery(name);
    const text = JSON.stringify(body);
    const signed = { ...headers, ...sign[kind]!(text, secret), ...more };
    return send(opened.server.url, `/webhooks/${path}`, { headers: signed, body: text });
  };

  for (const [kind, name, repository] of deliveries) {
    it(`${name} rings who waits for ${repository}`, async () => {
      opened.temporal.promotions = [
        waiting('one', repository),
        waiting('two', repository),
        { ...waiting('three', repository), pullRequests: [`${repository}#13`] },
      ];
      assert.deepEqual(await deliver(kind, name), { status: 200, body: { rung: 2 } });
      assert.deepEqual(opened.temporal.rung.map(({ workflowId }) => workflowId).sort(), ['one', 'two']);
      assert.equal(opened.temporal.rung[0]?.hint['number'], 12);
    });

    it(`${name} with a wrong secret is refused`, async () => {
      opened.temporal.promotions = [waiting('one', repository)];
      const { headers, body } = readDelivery(name);
      const text = JSON.stringify(body);
      for (const wrong of [{}, sign[kind]!(text, 'guessed'), sign[kind]!(`${text} `, 'guessed')]) {
        const answer = await send(opened.server.url, `/webhooks/${kind}`, {
          headers: { ...headers, ...wrong },
          body: text,
        });
        assert.equal(answer.status, 401);
      }
      assert.deepEqual(opened.temporal.finds, []);
    });
  }

  it('of GitLab may be signed with their time, and are then refused when they are old', async () => {
    const { headers, body } = readDelivery('gitlab-merged');
    const text = JSON.stringify(body);
    const deliverAt = (at: number, from = signing) =>
      send(opened.server.url, '/webhooks/gitlab', {
        headers: { ...headers, ...signInTime(text, from, at) },
        body: text,
      });
    assert.equal((await deliverAt(Date.now())).status, 200);
    assert.equal((await deliverAt(Date.now() - 4 * 60_000)).status, 200);
    assert.equal((await deliverAt(Date.now() - 6 * 60_000)).status, 401);
    assert.equal((await deliverAt(Date.now() + 6 * 60_000)).status, 401);
    assert.equal((await deliverAt(Date.now(), 'whsec_AAAA')).status, 401);
  });

  it('of Azure DevOps may show their secret in the address, which no log holds', async () => {
    const { headers, body } = readDelivery('azure-merged');
    const path = secretPath(secret);
    const answer = await send(opened.server.url, `/webhooks/azure/${path}`, {
      headers: { ...headers },
      body: JSON.stringify(body),
    });
    assert.equal(answer.status, 200);
    const wrong = await send(opened.server.url, '/webhooks/azure/guessed', { headers, body: '{}' });
    assert.equal(wrong.status, 401);
    assert.ok(!opened.lines.join('').includes(path));
  });

  it('reach only promotions of the project that the secret belongs to', async () => {
    const repository = 'dev.azure.com/acme/platform/ops';
    opened.temporal.promotions = [waiting('one', repository, 'other'), waiting('two', repository, 'demo')];
    assert.equal((await deliver('azure', 'azure-merged')).body.rung, 1);
    assert.deepEqual(
      opened.temporal.rung.map(({ workflowId }) => workflowId),
      ['two'],
    );
  });

  it('of Gitea are not taken for those of GitHub, whose headers they have as well', async () => {
    const answer = await deliver('gitea', 'gitea-merged', {}, 'github');
    assert.equal(answer.status, 400);
    assert.match(answer.body.message ?? '', /of Gitea or Forgejo: send it to the path of gitea/);
    const other = await deliver('github', 'github-merged', {}, 'gitea');
    assert.equal(other.status, 400);
  });

  it('ring nobody who waits at another port of their host', async () => {
    const names = ['git.inside/acme/ops', 'git.inside:3301/acme/ops', 'gitea.example.com/acme/ops'];
    opened.temporal.promotions = names.map((name) => waiting(name, name));
    assert.equal((await deliver('gitea', 'gitea-merged')).body.rung, 0);
  });

  it('of repositories that nobody waits for are taken, and ring nobody', async () => {
    assert.deepEqual(await deliver('github', 'github-merged'), { status: 200, body: { rung: 0 } });
  });

  const uninteresting: Record<string, readonly [string, object]> = {
    'a ping': ['ping', { zen: 'Keep it logically awesome.' }],
    'a push': ['push', { ref: 'refs/heads/main' }],
    'a label': ['pull_request', { action: 'labeled', number: 12, repository: { full_name: 'acme/ops' } }],
    'no repository': ['pull_request', { action: 'closed', number: 12 }],
    'no number': ['pull_request', { action: 'closed', repository: { full_name: 'acme/ops' } }],
    nonsense: ['pull_request', { action: { a: 1 }, number: 'x', pull_request: [null], repository: 7 }],
    null: ['pull_request', null as never],
  };
  for (const [name, [event, body]] of Object.entries(uninteresting)) {
    it(`that tell nothing are taken and say so: ${name}`, async () => {
      const text = JSON.stringify(body);
      const headers = {
        'content-type': 'application/json; charset=utf-8',
        'x-github-event': event,
        ...sign['github']!(text, secret),
      };
      const answer = await send(opened.server.url, '/webhooks/github', { headers, body: text });
      assert.equal(answer.status, 200);
      assert.equal(answer.body.rung, 0);
      assert.ok(answer.body.ignored);
      assert.deepEqual(opened.temporal.finds, []);
    });
  }

  it('have a size, a type and a form', async () => {
    const attempt = (headers: Record<string, string>, body: string) =>
      send(opened.server.url, '/webhooks/github', {
        headers: { 'x-github-event': 'pull_request', ...headers },
        body,
      });
    const large = `"${'x'.repeat(3 * 1024 * 1024)}"`;
    const json = { 'content-type': 'application/json' };
    assert.equal((await attempt({ ...json, ...sign['github']!(large, secret) }, large)).status, 413);
    const form = await attempt({ 'content-type': 'application/x-www-form-urlencoded' }, 'payload=%7B%7D');
    assert.equal(form.status, 415);
    assert.match(form.body.message ?? '', /choose it as content type at the host/);
    const broken = await attempt({ ...json, ...sign['github']!('{"a":', secret) }, '{"a":');
    assert.deepEqual(broken, { status: 400, body: { message: 'the body is no JSON' } });
    assert.equal((await attempt(json, '{}')).status, 401);
    assert.equal((await send(opened.server.url, '/webhooks/github', { method: 'GET' })).status, 404);
  });

  it('are answered 503 while Temporal does not answer, without its words or a secret', async () => {
    opened.temporal.down = 'no connection to 10.1.2.3';
    const answer = await deliver('github', 'github-merged');
    assert.equal(answer.status, 503);
    assert.doesNotMatch(JSON.stringify(answer), /10\.1\.2\.3/);
    assert.match(opened.lines.join(''), /no connection to 10\.1\.2\.3/);
    assert.ok(!opened.lines.join('').includes(secret));
    delete opened.temporal.down;
    assert.equal((await deliver('github', 'github-merged')).status, 200);
  });

  it('of kinds that nobody configured are not there', async () => {
    const other = await openWebhookServer([]);
    try {
      const { headers, body } = readDelivery('github-merged');
      const answer = await send(other.server.url, '/webhooks/github', {
        headers,
        body: JSON.stringify(body),
      });
      assert.equal(answer.status, 404);
      assert.match(answer.body.message ?? '', /no webhooks of github are taken here/);
    } finally {
      await other.close();
    }
  });

  it('may come by the thousand', async () => {
    const total = 2000;
    const { headers } = readDelivery('github-merged');
    const agents = Array.from({ length: 50 }, async (_, agent) => {
      for (let at = 0; at < total / 50; at++) {
        const repository = { full_name: `acme/repo-${agent}` };
        const text = JSON.stringify({ action: 'closed', number: at + 1, pull_request: {}, repository });
        const signed = { ...headers, ...sign['github']!(text, secret) };
        const answer = await send(opened.server.url, '/webhooks/github', { headers: signed, body: text });
        assert.equal(answer.status, 200);
      }
    });
    await Promise.all(agents);
    assert.ok(opened.temporal.finds.length < total, 'many are looked up at once');
  }).timeout(60_000);
});

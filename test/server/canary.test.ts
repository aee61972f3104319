import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openPromotions, type Session } from '../../src/client/open-promotions.ts';
import type { PromotionRef } from '../../src/client/promotions.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { runGantry, spawnGantry, type GantryProcess } from '../support/cli.ts';
import { createTestRepository } from '../support/git-repository.ts';
import { toolPath } from '../support/tools.ts';
import {
  brokenSteps,
  canaries,
  control,
  echoSteps,
  findCanaries,
  goodSteps,
  openEchoServer,
  searchFolder,
  writeSecrets,
} from './canary-rig.ts';

for (const isEncrypted of [false, true]) {
  describe(`secrets in promotions${isEncrypted ? ' that are encrypted' : ''}`, function () {
    this.timeout(120_000);
    let folder: string;
    let data: string;
    let dev: GantryProcess;
    let session: Session;
    let address: string;
    let echo: Awaited<ReturnType<typeof openEchoServer>>;
    /** Everything a user can see, by what it is. */
    const seen = new Map<string, string>();
    const promotions = new Map<string, PromotionRef>();

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'gantry-canary-'));
      data = join(folder, 'data');
      echo = await openEchoServer();
      writeSecrets(join(folder, 'secrets'), echo.url);
      writeFileSync(join(folder, 'keys'), `k1:${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
      const keys = isEncrypted ? ['--encryption-keys', join(folder, 'keys')] : [];
      const args = [
        'dev',
        '--data',
        data,
        '--port',
        '0',
        '--secrets',
        join(folder, 'secrets'),
        '--log-level',
        'debug',
      ];
      dev = spawnGantry([...args, '--log-format', 'json', ...keys], { cwd: folder, home: folder });
      address = (await dev.until('stdout', /Temporal {2}(\S+),/))[1]!;
      session = await openPromotions(
        { data, ...(isEncrypted && { encryptionKeys: join(folder, 'keys') }) },
        { HOME: folder },
      );
      const { url } = createTestRepository(join(folder, 'origin'), { commits: [repositoryContent] });
      await runPromotions({
        good: goodSteps(url),
        broken: brokenSteps(),
        echo: echoSteps(echo.url),
        refused: [
          { uses: 'compose-output', config: { x: "${{ secret('canary').plain }}" } },
          { uses: 'compose-output', config: { x: '${{ vars.token }}' } },
        ],
        unreadable: [
          { uses: 'fail', as: "x-${{ secret('canary').plain }}" },
          { task: { name: "${{ secret('canary').plain }}" } },
        ],
      });
      for (const [name, ref] of promotions) await look(name, ref, keys);
      dev.child.kill('SIGINT');
      const { stdout, stderr } = await dev.exited;
      seen.set('standard output of the worker', stdout).set('log of the worker', stderr);
    });

    after(async () => {
      dev.child.kill('SIGKILL');
      await session?.close();
      echo.close();
      rmSync(folder, { recursive: true, force: true });
    });

    it('do their work: promotions succeed, fail and are refused as they should', () => {
      assert.match(seen.get('status of good')!, /"phase":"Succeeded"/);
      assert.match(seen.get('status of echo')!, /"phase":"Failed"/);
      const outputs = JSON.parse(seen.get('status of good')!) as { state: { out: JsonObject } };
      assert.deepEqual(outputs.state.out, { branch: 'tokens/***', control });
      const refused = `${seen.get('end of refused')} ${seen.get('end of unreadable')}`;
      for (const reason of [
        /config\.x reads a secret/g,
        /an alias is seen by everybody/g,
        /everybody sees the name of a task/g,
      ])
        assert.match(refused, reason);
      assert.equal(refused.match(/config\.x reads a secret/g)?.length, 2);
      assert.match(seen.get('status of echo')!, /access is refused/, 'the Git host was asked');
    });

    it('are seen nowhere: histories, logs, status, command line', () => {
      assert.ok(seen.size >= 20);
      const found = [...seen].flatMap(([what, text]) => findCanaries(text).map((hit) => `${what}: ${hit}`));
      assert.deepEqual(found, []);
    });

    it('are in no file of the server', () => {
      const { found, controls } = searchFolder(data, /^\/workspaces\//);
      assert.deepEqual(found, []);
      const databases = controls.filter((file) => file.includes('.db'));
      assert.equal(databases.length > 0, !isEncrypted, `readable in ${controls.join(', ') || 'no file'}`);
    });

    it('would be found: what stands beside them is', () => {
      const places = [
        'status of echo',
        'output of watch, echo',
        'lines of watch, echo',
        'details of echo',
        'log of the worker',
      ];
      const blind = places.filter((what) => !seen.get(what)?.includes(control));
      assert.deepEqual(blind, []);
      for (const name of ['echo', 'broken', 'good'])
        assert.equal(
          seen.get(`history of ${name}`)!.includes(Buffer.from(control).toString('base64').slice(4, 20)) ||
            seen.get(`history of ${name}`)!.includes(control),
          !isEncrypted,
          name,
        );
      for (const [name, secret] of Object.entries(canaries))
        assert.ok(findCanaries(`x ${Buffer.from(`a${secret}`).toString('base64')} y`).length > 0, name);
    });

    if (isEncrypted)
      it('shows what is encrypted to those who have the key', async () => {
        const codec = spawnGantry(
          ['codec', '--port', '0', '--encryption-keys', join(folder, 'keys'), '--data', data],
          { cwd: folder, home: folder },
        );
        try {
          const [, url] = await codec.until('stdout', /Codec endpoint {2}(\S+)/);
          dev = spawnGantry(
            ['dev', '--data', data, '--port', '0', '--encryption-keys', join(folder, 'keys')],
            { cwd: folder, home: folder },
          );
          address = (await dev.until('stdout', /Temporal {2}(\S+),/))[1]!;
          const { workflowId } = promotions.get('echo')!;
          const show = ['workflow', 'show', '-w', workflowId, '--detailed'];
          const plain = await temporal(...show);
          const decoded = await temporal(...show, '--codec-endpoint', url!);
          assert.ok(!plain.includes(control) && plain.includes('Encoded failure'));
          assert.ok(
            decoded.includes(`failure.encodedAttributes.message: step "step-1": failed: ${control} ***`),
          );
          assert.deepEqual(findCanaries(decoded), []);
          assert.ok(!codec.written.stderr.includes(control));
        } finally {
          codec.child.kill('SIGINT');
          dev.child.kill('SIGINT');
          await Promise.all([codec.exited, dev.exited]);
        }
      });

    async function runPromotions(all: Readonly<Record<string, readonly JsonObject[]>>): Promise<void> {
      for (const [name, steps] of Object.entries(all)) {
        const freight = { images: [{ repoURL: 'my/image', tag: '1.0.0' }], alias: 'calm-crab' };
        const vars = [
          { name: 'token', value: "${{ secret('canary').plain }}" },
          { name: 'control', value: control },
        ];
        const request = { project: 'demo', stage: 'test', freight, vars, steps } as unknown as JsonObject;
        const ref = await session.promotions.start(request);
        promotions.set(name, ref);
        const end = await session.promotions.outcome(ref, AbortSignal.timeout(60_000));
        seen.set(`end of ${name}`, JSON.stringify(end));
      }
    }

    /** Collects what anybody can find out about a promotion. */
    async function look(name: string, ref: PromotionRef, keys: readonly string[]): Promise<void> {
      const { workflowId } = ref;
      seen.set(`status of ${name}`, JSON.stringify(await session.promotions.status(ref)));
      const history = await temporal('workflow', 'show', '-w', workflowId, '-o', 'json');
      seen.set(`history of ${name}`, history);
      seen.set(`decoded history of ${name}`, decodeAll(history));
      seen.set(
        `description of ${name}`,
        await temporal('workflow', 'describe', '-w', workflowId, '-o', 'json'),
      );
      const call = { env: { HOME: folder }, cwd: folder };
      for (const [what, more] of [
        ['output', ['-o', 'json']],
        ['lines', []],
      ] as const) {
        const { stdout, stderr } = await runGantry(
          ['watch', workflowId, '--data', data, ...keys, ...more],
          call,
        );
        seen.set(`${what} of watch, ${name}`, `${stdout}\n${stderr}`);
      }
      for (const argv of [
        ['promotion', workflowId],
        ['promotion', workflowId, '-o', 'json'],
        ['promotions', '-o', 'json'],
      ]) {
        const { stdout, stderr } = await runGantry([...argv, '--data', data, ...keys], call);
        seen.set(`output of ${argv.join(' ')}, ${name}`, `${stdout}\n${stderr}`);
      }
      seen.set(`details of ${name}`, await currentDetails(workflowId));
    }

    /** The Markdown of the Web UI. */
    async function currentDetails(workflowId: string): Promise<string> {
      const { openClient, findTarget } = await import('../../src/client/connect.ts');
      const settings = { data, ...(isEncrypted && { encryptionKeys: join(folder, 'keys') }) };
      const { client, close } = await openClient(await findTarget(settings, { HOME: folder }));
      try {
        return JSON.stringify(
          await client.workflow.getHandle(workflowId).query('__temporal_workflow_metadata'),
        );
      } finally {
        await close();
      }
    }

    async function temporal(...args: readonly string[]): Promise<string> {
      const options = { env: { HOME: folder, TEMPORAL_ADDRESS: address }, maxBuffer: 64 * 1024 * 1024 };
      const { stdout, stderr } = await promisify(execFile)(toolPath('temporal'), [...args], options);
      return `${stdout}\n${stderr}`;
    }
  });
}

/** Payloads of an exported history stand in base64. */
function decodeAll(text: string): string {
  return [...text.matchAll(/"([A-Za-z0-9+/]{12,}={0,2})"/g)]
    .map(([, base64]) => Buffer.from(base64!, 'base64').toString())
    .join('\n');
}

const overlay =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{name: web, image: my/image:0}]}}}\n';

const repositoryContent = {
  id: 'c1',
  branch: 'main',
  message: 'All',
  files: {
    'values.yaml': 'token: old\nother: old\n',
    'base/kustomization.yaml': 'resources: [deployment.yaml]\n',
    'base/deployment.yaml': overlay,
    'chart/Chart.yaml': 'apiVersion: v2\nname: app\nversion: 1.0.0\n',
    'chart/templates/map.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {token: "{{ .Values.token }}"}\n',
    'chart/values.yaml': 'token: none\n',
  },
};

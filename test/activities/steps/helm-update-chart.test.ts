import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { helmUpdateChart } from '../../../src/activities/steps/helm-update-chart.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { createHttpServers } from '../../support/http-server.ts';
import { openTokenRegistry } from '../../support/token-registry.ts';
import { readTree, writeCaseFiles } from '../../support/step-case-files.ts';
import { createStepRig, type StepRig, type StepWorldOptions } from '../../support/step-world.ts';
import { packTar } from '../../support/tar.ts';
import { pushChart } from '../../support/registry.ts';

const chartFiles = (version: string) =>
  packTar({
    gzip: true,
    entries: [{ name: 'redis/Chart.yaml', text: `apiVersion: v2\nname: redis\nversion: ${version}\n` }],
  });

describe('helm-update-chart', () => {
  const servers = createHttpServers();
  let rig: StepRig;
  beforeEach(() => {
    rig = createStepRig();
  });
  afterEach(async () => {
    rig.remove();
    await servers.close();
  });

  const write = (repository: string, version = '17.3.0') =>
    writeCaseFiles(rig.root, {
      'chart/Chart.yaml': `apiVersion: v2\nname: umbrella\nversion: 0.1.0\ndependencies:\n- name: redis # ours\n  version: ${version}\n  repository: ${repository}\n`,
    });
  const run = (charts: readonly JsonObject[] | undefined, options?: StepWorldOptions) =>
    rig.run(helmUpdateChart, { path: 'chart', ...(charts && { charts }) }, options);
  const text = (name: string) => readFileSync(join(rig.root, 'chart', name), 'utf8');

  /** A classic repository that wants a password. */
  const serveRepository = async (pair: string) => {
    const url = await servers.serve((request, response) => {
      const given = Buffer.from(
        (request.headers.authorization ?? '').replace('Basic ', ''),
        'base64',
      ).toString();
      if (given !== pair) {
        response.writeHead(401).end();
        return;
      }
      if (request.url === '/redis-18.1.0.tgz') {
        response.end(chartFiles('18.1.0'));
        return;
      }
      const entry = { name: 'redis', apiVersion: 'v2', version: '18.1.0', urls: ['redis-18.1.0.tgz'] };
      response.end(JSON.stringify({ apiVersion: 'v1', entries: { redis: [entry] } }));
    });
    return url;
  };

  it('opens a repository with the credentials of the project', async () => {
    const url = await serveRepository('ada:s3cret-pw');
    write(url);
    const asked: unknown[] = [];
    const { output } = await run([{ repository: url, name: 'redis', version: '18.1.0' }], {
      findCredentials: async (query) => {
        asked.push(query);
        return { username: 'ada', password: 's3cret-pw' };
      },
    });
    assert.deepEqual(output, { commitMessage: 'Updated chart dependencies for chart\n\n- redis: 18.1.0' });
    assert.deepEqual(asked, [{ type: 'helm', repoURL: url }]);
    assert.match(text('Chart.yaml'), /- name: redis # ours\n {2}version: 18\.1\.0\n/);
  });

  it('changes nothing and tells no password when the repository refuses it', async () => {
    const url = await serveRepository('ada:s3cret-pw');
    write(url);
    const before = readTree(rig.root);
    const findCredentials = async () => ({ username: 'ada', password: 'wrong-pw' });
    const started = run([{ repository: url, name: 'redis', version: '18.1.0' }], { findCredentials });
    await assert.rejects(started, (error: Error) => {
      assert.match(
        error.message,
        /for http:\/\/127[^ ]+ found.*its index could not be fetched.*the Secret of the project/s,
      );
      assert.doesNotMatch(error.message, /wrong-pw/);
      return true;
    });
    assert.deepEqual(readTree(rig.root), before);
  });

  it('fetches charts from a registry with the credentials of the project', async () => {
    const { registry } = await openTokenRegistry(servers, { 'ada:s3cret-pw': /^repository:team\/app:pull$/ });
    try {
      await pushChart(registry, 'team/app', { name: 'app', version: '1.2.0' });
      const repository = `oci://${registry.host}/team`;
      writeCaseFiles(rig.root, {
        'chart/Chart.yaml': `apiVersion: v2\nname: umbrella\nversion: 0.1.0\ndependencies:\n- name: app\n  version: 1.0.0\n  repository: ${repository}\n`,
      });
      const asked: unknown[] = [];
      const freight = {
        name: 'f',
        alias: 'f',
        commits: [],
        images: [],
        artifacts: [],
        charts: [{ repoURL: `${repository}/app`, version: '1.2.0' }],
      };
      const { output } = await run([{ repository, name: 'app' }], {
        freight: { target: freight, collection: [freight], origins: [], warehouses: [] },
        findCredentials: async (query) => {
          asked.push(query.repoURL);
          return query.repoURL === repository ? { username: 'ada', password: 's3cret-pw' } : undefined;
        },
      });
      assert.deepEqual(output, { commitMessage: 'Updated chart dependencies for chart\n\n- app: 1.2.0' });
      assert.deepEqual(asked, [`${repository}/app`, repository]);
      assert.ok(readTree(rig.root).has('chart/charts/app-1.2.0.tgz'));
    } finally {
      await registry.close();
    }
  });

  it('makes the same lock whenever it is done, so that the same commit comes of it', async () => {
    const url = await serveRepository('');
    write(url);
    const charts = [{ repository: url, name: 'redis', version: '18.1.0' }];
    await run(charts);
    const first = text('Chart.lock');
    assert.match(first, /generated: "2026-03-01T12:00:00.000Z"\n/);
    writeCaseFiles(rig.root, { 'chart/Chart.lock': null });
    await run(charts);
    assert.equal(text('Chart.lock'), first);
  });

  it('names what is not among the dependencies, and what the Freight does not know', async () => {
    write('https://charts.example.com');
    const before = readTree(rig.root);
    const repository = 'https://charts.example.com';
    const none = run([{ repository: `${repository}/`, name: 'redis', version: '1' }]);
    await assert.rejects(none, {
      message: `Chart.yaml of "chart": no dependency is named "redis" and comes from "${repository}/"`,
    });
    await assert.rejects(run([{ repository, name: 'redis' }]), {
      message: `chart redis of ${repository} is not in the Freight: set its version`,
    });
    assert.deepEqual(readTree(rig.root), before);
  });

  it('refuses links and dependencies that lead out of the workspace', async () => {
    writeCaseFiles(rig.root, {
      'chart/Chart.yaml': 'apiVersion: v2\nname: a\nversion: 1.0.0\n',
      'chart/templates/x.yaml': { symlink: '/etc/hostname' },
    });
    await assert.rejects(run(undefined), { message: /templates\/x\.yaml leads out of the workspace/ });
    writeCaseFiles(rig.root, { 'chart/templates/x.yaml': null });
    write('file:///etc');
    await assert.rejects(run(undefined), { message: /its path must be relative to the chart/ });
  });
});

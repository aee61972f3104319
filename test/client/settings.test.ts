import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings, stepModules, type SettingFlags } from '../../src/client/settings.ts';
import { runGantry } from '../support/cli.ts';

describe('settings', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'gantry-settings-'));
  after(() => rmSync(cwd, { recursive: true }));
  afterEach(() => rmSync(join(cwd, 'gantry.yaml'), { force: true }));

  const load = (flags: SettingFlags = {}, env: NodeJS.ProcessEnv = {}) => loadSettings(flags, { env, cwd });
  const write = (text: string, name = 'gantry.yaml') => writeFileSync(join(cwd, name), text);

  it('have defaults', async () => {
    const { origins, ...values } = await load();
    assert.deepEqual(values, {
      data: join(cwd, '.gantry'),
      workspaces: join(cwd, '.gantry/workspaces'),
      tools: 'auto',
      gitPushPolicy: 'AlwaysRebase',
      gitProtocols: 'https,http,ssh,file',
      githubMaxCommits: '10',
      githubVerifyUntrusted: 'no',
      gitAuthor: 'Kargo <no-reply@kargo.io>',
      ociMaxPushSize: '1073741824',
      serverHost: '127.0.0.1',
      logLevel: 'info',
      logFormat: 'json',
    });
    assert.deepEqual(new Set(Object.values(origins)), new Set(['default']));
    assert.equal((await loadSettings({}, { env: {}, cwd, isTerminal: true })).logFormat, 'text');
  });

  it('take flags over the environment, that over the file, and that over defaults', async () => {
    write('data: file-data\nsecrets: file-secrets\ndefinitions: file-definitions\n');
    const env = { GANTRY_DATA: 'env-data', GANTRY_SECRETS: 'env-secrets' };
    const { data, secrets, definitions, origins } = await load({ data: 'flag-data' }, env);
    assert.deepEqual(
      [data, secrets, definitions],
      ['flag-data', 'env-secrets', 'file-definitions'].map((name) => join(cwd, name)),
    );
    const { data: fromFlag, secrets: fromEnv, definitions: fromFile, tools } = origins;
    assert.deepEqual(
      [fromFlag, fromEnv, fromFile, tools],
      ['--data', 'GANTRY_SECRETS', 'gantry.yaml:3:14', 'default'],
    );
  });

  it('keep workspaces in the data folder, wherever that is', async () => {
    assert.equal((await load({ data: '/srv/gantry' })).workspaces, '/srv/gantry/workspaces');
    assert.equal((await load({ data: '/srv/gantry', workspaces: 'w' })).workspaces, join(cwd, 'w'));
  });

  it('name flags and variables as users write them', async () => {
    const { origins } = await load({ logFormat: 'json' }, { GANTRY_LOG_LEVEL: 'warn' });
    assert.deepEqual([origins.logFormat, origins.logLevel], ['--log-format', 'GANTRY_LOG_LEVEL']);
  });

  it('treat an empty value as none', async () => {
    write("data: ''\n");
    assert.equal((await load({ secrets: '' }, { GANTRY_DATA: '' })).origins.data, 'default');
  });

  for (const source of ['https://git.example/p.git?ref=main', 'file:///srv/p.git', 'git@git.example:p.git']) {
    it(`leave ${source} alone`, async () => {
      assert.equal((await load({ definitions: source })).definitions, source);
    });
  }

  for (const [said, expected] of [
    ['path', 'path'],
    ['auto', 'auto'],
    ['./tools', join(cwd, 'tools')],
  ] as const) {
    it(`take tools: ${said}`, async () => {
      write(`tools: ${said}\n`);
      assert.equal((await load()).tools, expected);
    });
  }

  it('read another file where a flag or GANTRY_CONFIG names one; its paths start from its own folder', async () => {
    const other = mkdtempSync(join(tmpdir(), 'gantry-settings-'));
    const file = join(other, 'staging.yaml');
    writeFileSync(file, 'data: state\nlog:\n  level: debug\n');
    try {
      for (const settings of [await load({ config: file }), await load({}, { GANTRY_CONFIG: file })]) {
        assert.equal(settings.data, join(other, 'state'));
        assert.deepEqual([settings.logLevel, settings.origins.logLevel], ['debug', `${file}:3:10`]);
      }
    } finally {
      rmSync(other, { recursive: true });
    }
  });

  for (const text of ['http: {allow: [loopback, 10.1.0.0/16]}', 'http: {allow: "loopback,10.1.0.0/16"}']) {
    it(`take ${text}`, async () => {
      write(`${text}\n`);
      assert.equal((await load()).httpAllow, 'loopback,10.1.0.0/16');
    });
  }

  it('name modules with steps: in the file one or a list, elsewhere with commas between', async () => {
    const modules = async (env: NodeJS.ProcessEnv = {}) => stepModules(await load({}, env));
    assert.deepEqual(await modules(), []);
    write('steps: ./a.js\n');
    assert.deepEqual(await modules(), [join(cwd, 'a.js')]);
    write('steps: [./a.js, /srv/b.js]\n');
    assert.deepEqual(await modules(), [join(cwd, 'a.js'), '/srv/b.js']);
    assert.deepEqual(await modules({ GANTRY_STEPS: 'c.js, d.js,' }), [join(cwd, 'c.js'), join(cwd, 'd.js')]);
  });

  it('need not say anything in the file', async () => {
    write('# nothing yet\n');
    assert.equal((await load()).origins.data, 'default');
  });

  describe('that are wrong are all told, with place and remedy', () => {
    const cases: readonly [string, RegExp][] = [
      ['dta: x', /^gantry\.yaml:1:1: unknown field "dta", did you mean "data"\?$/],
      ['log:\n  levle: info', /^gantry\.yaml:2:3: unknown field "levle", did you mean "level"\?$/],
      ['log: debug', /^gantry\.yaml:1:6: "log" must be an object, not a text$/],
      ['log:\n  level: wran', /^gantry\.yaml:2:10 is "wran": choose one of .*, did you mean "warn"\?$/],
      ['data: 5', /^gantry\.yaml:1:7: "data" must be text, not a number: put it in quotes$/],
      ['steps: 5', /^gantry\.yaml:1:8: "steps" must be text, not a number/],
      ['steps: [a.js, 5]', /^gantry\.yaml:1:8: "steps" must be a list of texts without commas/],
      ['steps: ["a,b.js"]', /^gantry\.yaml:1:8: "steps" must be a list of texts without commas/],
      ['tools: pth', /^gantry\.yaml:1:8 is "pth": write auto, path, or a folder/],
      [
        'temporal:\n  address: x',
        /^gantry\.yaml:1:1: "temporal" is said by Temporal's own settings: TEMPORAL_ADDRESS/,
      ],
      ['http: {allow: [1]}', /^gantry\.yaml:1:15: "allow" must be a list of texts without commas$/],
      ['- data', /^gantry\.yaml:1:1: settings are an object/],
      ['data: a\n---\ndata: b', /^gantry\.yaml:3:1: one document is enough/],
      ['data: [', /^gantry\.yaml:\d:\d+: /],
      ['dta: x\nlog: {level: loud}', /^gantry\.yaml:1:1: unknown .*\ngantry\.yaml:2:14 is "loud"/],
    ];
    for (const [text, message] of cases) {
      it(JSON.stringify(text), async () => {
        write(`${text}\n`);
        await assert.rejects(load(), { name: 'InvalidInput', message });
      });
    }

    const variables: readonly [NodeJS.ProcessEnv, RegExp][] = [
      [{ GANTRY_LOG_FORMAT: 'xml' }, /^GANTRY_LOG_FORMAT is "xml": choose one of text, json$/],
      [{ GANTRY_DEFINITION: 'x' }, /^GANTRY_DEFINITION is no setting, did you mean GANTRY_DEFINITIONS\?$/],
      [
        { GANTRY_CONFIG: 'gone.yaml' },
        /^The settings file gone\.yaml cannot be read: there is no such file$/,
      ],
    ];
    for (const [env, message] of variables) {
      it(JSON.stringify(env), () => assert.rejects(load({}, env), { name: 'InvalidInput', message }));
    }
  });

  it('leave variables of others alone: Kubernetes makes some for a Service called gantry', async () => {
    const env = {
      GANTRY_SERVICE_HOST: '10.0.0.1',
      GANTRY_PORT: 'tcp://10.0.0.1:80',
      GANTRY_PORT_80_TCP: 'x',
    };
    assert.equal((await load({}, env)).origins.data, 'default');
  });

  describe('as gantry config shows them', () => {
    const run = (argv: readonly string[], env: NodeJS.ProcessEnv = {}) =>
      runGantry(argv, { cwd, env: { HOME: cwd, ...env } });

    it('come with value and origin', async () => {
      write('secrets: keys\n');
      const env = { GANTRY_LOG_LEVEL: 'debug', TEMPORAL_ADDRESS: 'temporal.example:7233' };
      const { code, stdout } = await run(['config', '--data', 'state', '-o', 'json'], env);
      const rows = JSON.parse(stdout) as { key: string; value: string | null; origin: string | null }[];
      assert.deepEqual(
        rows.map(({ key, value, origin }) => [key, value, origin]),
        [
          ['data', join(cwd, 'state'), '--data'],
          ['definitions', null, null],
          ['secrets', join(cwd, 'keys'), 'gantry.yaml:1:10'],
          ['steps', null, null],
          ['encryption.keys', null, null],
          ['workspaces', join(cwd, 'state/workspaces'), 'default'],
          ['tools', 'auto', 'default'],
          ['git.pushPolicy', 'AlwaysRebase', 'default'],
          ['git.protocols', 'https,http,ssh,file', 'default'],
          ['git.hosts', null, null],
          ['github.maxCommits', '10', 'default'],
          ['github.verifyUntrusted', 'no', 'default'],
          ['git.author', 'Kargo <no-reply@kargo.io>', 'default'],
          ['git.signingKey', null, null],
          ['http.allow', null, null],
          ['oci.maxPushSize', '1073741824', 'default'],
          ['uiBaseUrl', null, null],
          ['allowSteps', null, null],
          ['webhooks', null, null],
          ['server.host', '127.0.0.1', 'default'],
          ['server.port', null, null],
          ['server.url', null, null],
          ['log.level', 'debug', 'GANTRY_LOG_LEVEL'],
          ['log.format', 'json', 'default'],
          ['temporal.address', 'temporal.example:7233', 'TEMPORAL_ADDRESS'],
          ['temporal.namespace', 'default', 'default'],
        ],
      );
      assert.equal(code, 0);
    });

    it('are a table for people', async () => {
      const { stdout } = await run(['config']);
      assert.match(stdout, /^KEY +VALUE +ORIGIN\ndata +\S+\/\.gantry +default\ndefinitions +- +-\n/);
    });

    it('end with 2 when they are wrong, but version still works', async () => {
      write('dta: x\n');
      const { code, stdout, stderr } = await run(['config']);
      assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
      assert.equal(stderr, 'gantry.yaml:1:1: unknown field "dta", did you mean "data"?\n');
      assert.equal((await run(['version'])).code, 0);
    });
  });
});

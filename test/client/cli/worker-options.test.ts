import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gitSettings, httpSettings, registrySettings } from '../../../src/client/cli/worker-options.ts';
import { loadSettings } from '../../../src/client/settings.ts';

describe("an operator's settings for Git", () => {
  const read = async (env: NodeJS.ProcessEnv) => gitSettings(await loadSettings({}, { env, cwd: '/' }));

  it('rebase and allow everything when nothing is said', async () => {
    const protocols = ['https', 'http', 'ssh', 'file'];
    const identity = { name: 'Kargo', email: 'no-reply@kargo.io' };
    assert.deepEqual(await read({}), { integration: 'AlwaysRebase', protocols, identity });
  });

  it('come from the environment', async () => {
    const env = {
      GANTRY_GIT_PUSH_POLICY: 'RebaseOrFail',
      GANTRY_GIT_PROTOCOLS: 'https, SSH',
      GANTRY_GIT_AUTHOR: 'Release Bot <bot@example.org>',
    };
    assert.deepEqual(await read(env), {
      integration: 'RebaseOrFail',
      protocols: ['https', 'ssh'],
      identity: { name: 'Release Bot', email: 'bot@example.org' },
    });
  });

  it('sign with the key in a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gantry-key-'));
    try {
      const file = join(folder, 'key');
      writeFileSync(file, '-----BEGIN OPENSSH PRIVATE KEY-----\n');
      assert.match((await read({ GANTRY_GIT_SIGNING_KEY: file })).signingKey ?? '', /PRIVATE KEY/);
      writeFileSync(file, 'ssh-ed25519 AAAA\n');
      await assert.rejects(read({ GANTRY_GIT_SIGNING_KEY: file }), {
        name: 'InvalidInput',
        message: /^GANTRY_GIT_SIGNING_KEY: \S+key holds no private GPG key/,
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  const wrong: readonly (readonly [NodeJS.ProcessEnv, RegExp])[] = [
    [
      { GANTRY_GIT_PUSH_POLICY: 'Rebase' },
      /GANTRY_GIT_PUSH_POLICY is "Rebase": choose one of AlwaysRebase, /,
    ],
    [
      { GANTRY_GIT_PROTOCOLS: 'https,ftp' },
      /GANTRY_GIT_PROTOCOLS is "https,ftp": write some of https, http, ssh, file, with commas between/,
    ],
    [{ GANTRY_GIT_AUTHOR: 'Bot' }, /GANTRY_GIT_AUTHOR is "Bot": write a name and an address/],
    [{ GANTRY_GIT_SIGNING_KEY: '/nowhere/key' }, /GANTRY_GIT_SIGNING_KEY: ENOENT/],
    [{ GANTRY_GIT_PROTOCOLS: ',' }, /GANTRY_GIT_PROTOCOLS is ",": write some of/],
  ];
  for (const [env, message] of wrong) {
    it(`are refused: ${JSON.stringify(env)}`, async () => {
      await assert.rejects(read(env), { name: 'InvalidInput', message });
    });
  }
});

describe("an operator's settings for HTTP", () => {
  const read = async (env: NodeJS.ProcessEnv, fallback?: readonly string[]) =>
    httpSettings(await loadSettings({}, { env, cwd: '/' }), fallback);

  it('allow what the command says when nothing is said', async () => {
    assert.deepEqual(await read({}), { allow: [] });
    assert.deepEqual(await read({}, ['loopback']), { allow: ['loopback'] });
  });

  it('win over what the command says', async () => {
    const env = { GANTRY_HTTP_ALLOW: 'private, metrics.internal' };
    assert.deepEqual(await read(env, ['loopback']), { allow: ['private', 'metrics.internal'] });
  });

  it('are refused where an entry is nothing', () =>
    assert.rejects(read({ GANTRY_HTTP_ALLOW: 'private,10.0.0.0/99' }), {
      name: 'InvalidInput',
      message: /^GANTRY_HTTP_ALLOW: "10\.0\.0\.0\/99" is none of loopback, private/,
    }));
});

describe("an operator's settings for registries", () => {
  const read = async (size?: string) => {
    const env = size === undefined ? {} : { GANTRY_OCI_MAX_PUSH_SIZE: size };
    return registrySettings(await loadSettings({}, { env, cwd: '/' }));
  };

  const cases: readonly (readonly [string | undefined, number])[] = [
    [undefined, 1024 ** 3],
    ['0', 0],
    ['-1', -1],
    ['5000', 5000],
  ];
  for (const [size, maximumCopy] of cases) {
    it(`take ${size} as ${maximumCopy} bytes`, async () => {
      assert.deepEqual(await read(size), { maximumCopy });
    });
  }

  for (const size of ['1Gi', '-2', '1.5']) {
    it(`refuse ${size}`, async () => {
      await assert.rejects(read(size), {
        name: 'InvalidInput',
        message: /MAX_PUSH_SIZE is .*: write a number of bytes/,
      });
    });
  }
});

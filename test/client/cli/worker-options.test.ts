import assert from 'node:assert/strict';
import { gitSettings } from '../../../src/client/cli/worker-options.ts';
import { loadSettings } from '../../../src/client/settings.ts';

describe("an operator's settings for Git", () => {
  const read = async (env: NodeJS.ProcessEnv) => gitSettings(await loadSettings({}, { env, cwd: '/' }));

  it('rebase and allow everything when nothing is said', async () => {
    const protocols = ['https', 'http', 'ssh', 'file'];
    assert.deepEqual(await read({}), { integration: 'AlwaysRebase', protocols });
  });

  it('come from the environment', async () => {
    const env = { GANTRY_GIT_PUSH_POLICY: 'RebaseOrFail', GANTRY_GIT_PROTOCOLS: 'https, SSH' };
    assert.deepEqual(await read(env), { integration: 'RebaseOrFail', protocols: ['https', 'ssh'] });
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
    [{ GANTRY_GIT_PROTOCOLS: ',' }, /GANTRY_GIT_PROTOCOLS is ",": write some of/],
  ];
  for (const [env, message] of wrong) {
    it(`are refused: ${JSON.stringify(env)}`, async () => {
      await assert.rejects(read(env), { name: 'InvalidInput', message });
    });
  }
});

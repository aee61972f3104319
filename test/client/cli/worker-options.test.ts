import assert from 'node:assert/strict';
import { gitSettings } from '../../../src/client/cli/worker-options.ts';
import { getSettings } from '../../../src/client/settings.ts';

describe("an operator's settings for Git", () => {
  const read = (env: NodeJS.ProcessEnv) => gitSettings(getSettings({}, env, '/'));

  it('are left to the worker when nothing is said', () => {
    assert.equal(read({}), undefined);
  });

  it('come from the environment', () => {
    const env = { GANTRY_GIT_PUSH_POLICY: 'RebaseOrFail', GANTRY_GIT_PROTOCOLS: 'https, SSH' };
    assert.deepEqual(read(env), { integration: 'RebaseOrFail', protocols: ['https', 'ssh'] });
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
    it(`are refused: ${JSON.stringify(env)}`, () => {
      assert.throws(() => read(env), { name: 'InvalidInput', message });
    });
  }
});

import assert from 'node:assert/strict';
import { getSettings } from '../../src/client/settings.ts';

describe('settings', () => {
  it('have defaults', () => {
    const { data, origins } = getSettings({}, {}, '/home/u');
    assert.equal(data, '/home/u/.gantry');
    assert.deepEqual(origins, { data: 'default' });
  });

  it('take the environment over defaults, and flags over the environment', () => {
    const env = { GANTRY_DATA: 'env-data', GANTRY_SECRETS: 'env-secrets', GANTRY_LOG_LEVEL: 'debug' };
    const settings = getSettings({ data: 'flag-data' }, env, '/home/u');
    assert.equal(settings.data, '/home/u/flag-data');
    assert.equal(settings.secrets, '/home/u/env-secrets');
    assert.deepEqual(settings.origins, {
      data: '--data',
      secrets: 'GANTRY_SECRETS',
      logLevel: 'GANTRY_LOG_LEVEL',
    });
  });

  it('name flags as users write them', () => {
    assert.equal(getSettings({ logFormat: 'json' }, {}, '/').origins.logFormat, '--log-format');
  });

  it('treat an empty value as none', () => {
    assert.equal(getSettings({}, { GANTRY_DATA: '' }, '/x').data, '/x/.gantry');
  });

  for (const source of ['https://git.example/p.git?ref=main', 'file:///srv/p.git', 'git@git.example:p.git']) {
    it(`leave ${source} alone`, () => {
      assert.equal(getSettings({ definitions: source }, {}, '/x').definitions, source);
    });
  }
});

import assert from 'node:assert/strict';
import { stepCatalogue } from '../../../src/step-catalogue.ts';
import { runGantry } from '../../support/cli.ts';

describe('gantry steps', () => {
  it('lists every step with its summary, by name', async () => {
    const { code, stdout } = await runGantry(['steps', '-o', 'json']);
    const list = JSON.parse(stdout) as { name: string; summary: string }[];
    const expected = [...stepCatalogue.values()].map(({ kind, summary }) => ({ name: kind, summary }));
    assert.deepEqual(
      list,
      expected.sort((a, b) => (a.name < b.name ? -1 : 1)),
    );
    assert.equal(code, 0);
  });

  it('is a table for people', async () => {
    assert.match((await runGantry(['steps'])).stdout, /^STEP +WHAT\n[^]*^compose-output +Gives values /m);
  });
});

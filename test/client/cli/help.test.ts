import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { commands } from '../../../src/client/cli/commands.ts';
import { runGantry } from '../../support/cli.ts';

const folder = fileURLToPath(new URL('help/', import.meta.url));

/** Set UPDATE_HELP=1 to accept what help prints now; read the difference in review. */
const update = process.env['UPDATE_HELP'] === '1';

describe('help', () => {
  const names = ['gantry', ...commands.map(({ name }) => name)];

  for (const name of names) {
    it(`of ${name} is as agreed`, async () => {
      const argv = name === 'gantry' ? ['--help'] : [name, '--help'];
      const { code, stdout, stderr } = await runGantry(argv);
      const file = `${folder}${name}.txt`;
      if (update) writeFileSync(file, stdout);
      assert.equal(stdout, existsSync(file) ? readFileSync(file, 'utf8') : '');
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    });
  }

  it('is kept for these commands only', () => {
    assert.deepEqual(readdirSync(folder).sort(), names.map((name) => `${name}.txt`).sort());
  });

  it('shows an example of every command', async () => {
    for (const { name, examples } of commands) {
      assert.ok(
        examples.length > 0 && examples.every((example) => example.startsWith(`gantry ${name}`)),
        name,
      );
    }
  });

  it('is the same with `help`', async () => {
    const { stdout } = await runGantry(['help', 'promote']);
    assert.equal(stdout, readFileSync(`${folder}promote.txt`, 'utf8'));
  });
});

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../bin/gantry', import.meta.url));

describe('bin/gantry', () => {
  for (const [title, fake, error] of [
    [
      'an old Node',
      `Object.defineProperty(process, 'versions', { value: { node: '20.18.3' } })`,
      'Gantry needs Node 20.19 or newer; this is 20.18.3.\n',
    ],
    [
      'Windows',
      `Object.defineProperty(process, 'platform', { value: 'win32' })`,
      'Gantry does not run on Windows itself. Use WSL2: https://learn.microsoft.com/windows/wsl/install\n',
    ],
  ] as const) {
    it(`refuses ${title}, naming the remedy`, () => {
      const preload = `data:text/javascript,${encodeURIComponent(fake)}`;
      const args = ['--import', preload, program, 'version'];
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
      assert.deepEqual({ status, stdout, stderr }, { status: 1, stdout: '', stderr: error });
    });
  }
});

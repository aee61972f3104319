import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const gantry = fileURLToPath(new URL('../../../bin/gantry', import.meta.url));

describe('gantry version', function () {
  this.timeout(60_000);

  it('answers at once: it loads nothing that it does not need', () => {
    const bare = best(() => execFileSync(process.execPath, ['-e', '0']));
    const ours = best(() => execFileSync(process.execPath, [gantry, 'version']));
    // Five to six bare starts are what it takes from the sources; a client of Temporal alone would be as many again.
    assert.ok(ours < bare * 12, `${ours.toFixed(0)} ms against ${bare.toFixed(0)} ms of a bare start`);
  });
});

/** Milliseconds of the quickest of several runs: on a busy machine the only figure that means something. */
function best(run: () => unknown): number {
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return Math.min(...times);
}

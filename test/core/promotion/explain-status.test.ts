import assert from 'node:assert/strict';
import { explainStatus } from '../../../src/core/promotion/explain-status.ts';
import { createPlan, createRun } from '../../workflows/scripted-effects.ts';

describe('the status as Markdown', () => {
  it('is a table of all steps, those to come too', () => {
    const steps = [{ alias: 'push', uses: 'git-push' }, { alias: 'later' }];
    const { status } = createRun({ steps });
    status.phase = 'Running';
    status.stepExecutionMetadata.push({
      alias: 'push',
      continueOnError: false,
      errorCount: 2,
      status: 'Running',
    });
    status.commits.push({
      step: 'push',
      repoURL: 'r',
      branch: 'stage/test',
      sha: '0123456789',
      url: 'https://git.test/c/0',
    });
    assert.equal(
      explainStatus(status, createPlan(steps)),
      [
        '**Running**: to test of demo',
        '',
        '| State | Step | Kind | What | Result |',
        '| --- | --- | --- | --- | --- |',
        '| Running (2 errors) | push | git-push | does push | [stage/test@0123456](https://git.test/c/0) |',
        '|  | later | scripted | does later |  |',
      ].join('\n'),
    );
  });

  it('shows what users wrote as text, never as Markdown or HTML', () => {
    const { status } = createRun({ steps: [] });
    const plan = createPlan([{ alias: 'a|b\n`c`', summary: '<img src=x> [l](javascript:1)' }]);
    status.message = '**bold**\n| row |';
    status.commits.push({
      step: 'a|b\n`c`',
      repoURL: 'r',
      branch: 'b',
      sha: 's',
      url: 'javascript:alert(1)',
    });
    const text = explainStatus(status, plan);
    assert.match(text, /\| a\\\|b \\`c\\` \|/);
    assert.match(text, /\\<img src=x\\> \\\[l\\\]\(javascript:1\)/);
    assert.match(text, /\| b@s \|/);
    assert.match(text, /> \\\*\\\*bold\\\*\\\*\n> \\\| row \\\|/);
  });

  it('stays within bounds', () => {
    const steps = Array.from({ length: 500 }, (_, index) => ({
      alias: `s${index}`,
      summary: 'x'.repeat(5000),
    }));
    assert.ok(explainStatus(createRun({ steps }).status, createPlan(steps)).length <= 20_000);
  });
});

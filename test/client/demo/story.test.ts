import assert from 'node:assert/strict';
import {
  explainNextSteps,
  shortenDiff,
  worstPhase,
  type DemoResult,
} from '../../../src/client/demo/story.ts';

describe('the story of the demo', () => {
  it('is as good as its worst promotion', () => {
    assert.equal(worstPhase(['Succeeded', 'Succeeded']), 'Succeeded');
    assert.equal(worstPhase(['Succeeded', 'Failed']), 'Failed');
    assert.equal(worstPhase(['Errored', 'Failed']), 'Errored');
    assert.equal(worstPhase([]), 'Errored');
  });

  it('cuts a diff to what matters', () => {
    const diff =
      'title\n\n m.yaml | 2 +-\n\ndiff --git a/m b/m\nindex 1..2\n--- a/m\n+++ b/m\n@@ -1 +1 @@\n-a\n+b';
    assert.equal(shortenDiff(diff), '  title\n\n   m.yaml | 2 +-\n\n  @@ -1 +1 @@\n  -a\n  +b');
    assert.match(shortenDiff('x\n'.repeat(100)), /\n {2}… 77 more lines$/);
  });

  it('proposes commands for the folder the user is in', () => {
    const result: DemoResult = {
      phase: 'Succeeded',
      promotions: [{ stage: 'prod', workflowId: 'promotion/demo/prod/p', runId: 'r', phase: 'Succeeded' }],
      commits: [],
      repository: 'file:///data/demo/repository.git',
      url: 'http://127.0.0.1:8233',
    };
    const address = '127.0.0.1:7233';
    const target = { address, namespace: 'default', origin: 'x', options: { address } };
    const text = (cwd: string): string =>
      explainNextSteps({ target, result, examples: '/src/examples', cwd });
    assert.match(
      text('/src'),
      /^ {2}\.\/bin\/gantry promote .* --freight examples\/demo\/freight\.yaml \\$/m,
    );
    assert.match(
      text('/else'),
      /^ {2}gantry promote .* --freight \.\.\/src\/examples\/demo\/freight\.yaml \\$/m,
    );
    assert.match(
      text('/src'),
      /workflow show --address 127\.0\.0\.1:7233 --workflow-id promotion\/demo\/prod\/p$/m,
    );
  });
});

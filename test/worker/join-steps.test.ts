import assert from 'node:assert/strict';
import { defineStep, object } from '../../src/index.ts';
import { joinSteps } from '../../src/worker/join-steps.ts';

const stepOf = (kind: string) =>
  defineStep({
    kind,
    summary: 'For tests.',
    place: 'anywhere',
    effect: 'none',
    repeatable: true,
    config: object({}),
    examples: [],
    run: () => Promise.resolve({}),
  });

describe('own steps', () => {
  it('come after those of Gantry', () => {
    const joined = joinSteps([stepOf('fail')], [stepOf('write-file'), stepOf('s3')]);
    assert.deepEqual(
      joined.map(({ kind }) => kind),
      ['fail', 'write-file', 's3'],
    );
  });

  it('are refused all at once when they cannot be told from others', () => {
    const own = ['fail', 'plan', 'Write File', 'twice', 'twice', 'default'].map(stepOf);
    assert.throws(() => joinSteps([stepOf('fail')], own), {
      message: [
        'These steps cannot be used:',
        '  "fail": there is one already, choose another kind',
        '  "plan": there is one already, choose another kind',
        '  "Write File": write the kind in small letters, digits and dashes, such as "write-file"',
        '  "twice": there is one already, choose another kind',
        '  "default": there is one already, choose another kind',
      ].join('\n'),
    });
  });
});

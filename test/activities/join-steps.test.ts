import assert from 'node:assert/strict';
import { defineStep, object, type StepDefinition } from '../../src/index.ts';
import { joinSteps } from '../../src/activities/join-steps.ts';

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
        '  "Write File": kind must be small letters, digits and dashes, such as "write-file"',
        '  "twice": there is one already, choose another kind',
        '  "default": there is one already, choose another kind',
      ].join('\n'),
    });
  });

  it('are refused when their declaration is not one, which need not have met a compiler', () => {
    const wrong = { kind: 'wrong', place: 'here', effect: 'none', outputs: 5 } as unknown as StepDefinition;
    assert.throws(
      () => joinSteps([], [wrong, {} as StepDefinition]),
      ({ message }: Error) => {
        assert.match(message, /\n {2}"wrong": summary must be one sentence\n/);
        assert.match(message, /\n {2}"wrong": place must be "anywhere" or "io" or "workspace"\n/);
        assert.match(message, /\n {2}"wrong": repeatable must be true or false\n/);
        assert.match(message, /\n {2}"wrong": config must be made by object/);
        assert.match(message, /\n {2}"wrong": outputs must be made by object/);
        assert.match(message, /\n {2}"wrong": run must be a function\n/);
        assert.match(message, /\n {2}a step without a kind: kind must be small letters/);
        return true;
      },
    );
  });
});

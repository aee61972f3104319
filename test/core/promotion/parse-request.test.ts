import assert from 'node:assert/strict';
import { formatProblem } from '../../../src/core/problem.ts';
import { parseRequest } from '../../../src/core/promotion/parse-request.ts';

const good = { project: 'demo', stage: 'test', freight: 'f1' };

function problemsOf(...args: readonly unknown[]): readonly string[] {
  const { request, problems } = parseRequest(args);
  assert.equal(request === undefined, problems.length > 0);
  return problems.map(formatProblem);
}

describe('a request that is none', () => {
  const cases: readonly (readonly [string, readonly unknown[], RegExp])[] = [
    ['nothing', [], /^input: no input: send one JSON object such as/],
    ['two inputs', [good, good], /^input: 2 inputs: send only one JSON object/],
    ['a text', ['hello'], /^input: the input is a text: send/],
    ['a text with JSON in it', ['{"project": "demo"}'], /holds JSON: send the object itself/],
    ['a list', [[good]], /^input: the input is a list/],
    ['null', [null], /^input: the input is null/],
    ['a number', [7], /^input: the input is a number/],
    [
      'bytes nobody can read',
      [{ $undecodable: 'Unexpected token' }],
      /cannot be read as JSON \(Unexpected token\)/,
    ],
  ];
  for (const [what, args, expected] of cases) {
    it(`${what}: says what to send`, () => {
      const problems = problemsOf(...args);
      assert.equal(problems.length, 1);
      assert.match(problems[0]!, expected);
    });
  }
});

describe('a request', () => {
  it('needs a project, a Stage and Freight, and says so at once', () => {
    assert.deepEqual(problemsOf({}), [
      'input: project: "project" is missing: the name of the project to promote in',
      'input: stage: "stage" is missing: the name of the stage to promote in',
      'input: freight: "freight" is missing: give a name, an alias, or whole Freight as an object or a list of objects',
    ]);
  });

  it('is taken with defaults for what is absent', () => {
    assert.deepEqual(parseRequest([good]).request, { ...good, vars: [], onFailure: 'fail' });
  });

  it('takes null and empty lists as absent, as clients turn the one into the other', () => {
    const sent = {
      ...good,
      actor: null,
      vars: null,
      steps: [],
      definitions: null,
      onFailure: null,
      timeout: null,
    };
    assert.deepEqual(parseRequest([sent]).request, { ...good, vars: [], onFailure: 'fail' });
  });

  it('keeps everything that is in it', () => {
    const sent = {
      ...good,
      freight: { images: [{ repoURL: 'app', tag: 'v1' }] },
      actor: 'alice',
      vars: [{ name: 'x', value: '1' }, { name: 'y' }],
      steps: [{ uses: 'fail', retry: null, vars: null, config: { list: [], nothing: null } }],
      definitions: [{ kind: 'Stage' }],
      onFailure: 'hold',
      timeout: '1h30m',
    };
    assert.deepEqual(parseRequest([sent]).request, {
      ...sent,
      freight: [sent.freight],
      vars: [
        { name: 'x', value: '1' },
        { name: 'y', value: '' },
      ],
      timeout: 5_400_000,
    });
  });

  const faults: readonly (readonly [object, RegExp])[] = [
    [{ stagee: 'x' }, /^input: stagee: unknown field "stagee", did you mean "stage"\?$/],
    [{ constructor: 1 }, /^input: constructor: unknown field "constructor"; known: project/],
    [JSON.parse('{"__proto__": {}}') as object, /^input: __proto__: unknown field/],
    [{ project: 7 }, /^input: project: "project" must be text, not a number: put it in quotes$/],
    [{ project: '' }, /^input: project: "project" is empty/],
    [{ project: 'Demo' }, /^input: project: "Demo" is no name of a project/],
    [{ stage: 'a..b' }, /^input: stage: "a..b" is no name of a stage/],
    [{ stage: 'a'.repeat(254) }, /^input: stage: .* at most 253$/],
    [{ freight: 5 }, /^input: freight: "freight" is a number: give a name/],
    [{ freight: [] }, /^input: freight: "freight" is missing/],
    [{ freight: ['f1'] }, /^input: freight: "freight" must hold nothing but objects/],
    [{ freight: 'x'.repeat(300) }, /^input: freight: "freight" is longer than 253/],
    [{ freight: { images: [{ repoURL: 'a', tag: 'v', tga: 'v' }] } }, /^input: freight.images\[0\]/],
    [{ freight: [{ name: 'a' }, { name: 'b', nam: 'b' }] }, /^input: freight\[1\]\./],
    [{ actor: 'x'.repeat(201) }, /^input: actor: "actor" has 201 characters: 200 at most$/],
    [
      { vars: { x: '1' } },
      /^input: vars: "vars" must be a list of variables \{name, value\}, not an object$/,
    ],
    [{ vars: [{ name: 'x', value: 1 }] }, /^input: vars\[0\].value: "value" must be text, not a number/],
    [{ vars: [{ name: '1x', value: '' }] }, /^input: vars\[0\].name: "1x" is no name of a variable/],
    [
      { vars: [{ name: '__proto__', value: '' }] },
      /^input: vars\[0\].name: "__proto__" is no name of a variable/,
    ],
    [
      { onFailure: 'hodl' },
      /^input: onFailure: "onFailure" must be "fail" or "hold", not "hodl", did you mean "hold"\?$/,
    ],
    [{ timeout: '3d' }, /^input: timeout: "timeout" must be a duration such as "90s".* not "3d"$/],
    [{ timeout: 300 }, /^input: timeout: "timeout" must be a duration/],
    [{ timeout: '0s' }, /^input: timeout: "timeout" must be more than 0/],
    [{ definitions: ['x'] }, /^input: definitions\[0\]: item 0 of "definitions" must be an object/],
    [
      { definitions: [{ a: 'é'.repeat(140_000) }] },
      /^input: definitions: 274 KiB of definitions, 256 KiB at most/,
    ],
    [{ steps: 'x' }, /^input: steps: "steps" must be a list of steps, not a text$/],
    [{ steps: [{}] }, /^input: steps\[0\]: step 1 lacks "uses" \(a kind of step\) or "task"/],
    [
      { steps: [{ uses: 'x', usse: 1 }] },
      /^input: steps\[0\].usse: unknown field "usse", did you mean "uses"\?$/,
    ],
    [
      { steps: [{ uses: 'x', task: { name: 't' } }] },
      /^input: steps\[0\].task: a step has either "uses" or "task"/,
    ],
    [
      { steps: [{ task: { name: 't', kind: 'Task' } }] },
      /^input: steps\[0\].task.kind: "kind" must be "PromotionTask" or/,
    ],
    [
      { steps: [{ task: { name: 't' }, config: { a: 1 } }] },
      /^input: steps\[0\].config: "config" cannot stand beside "task"/,
    ],
    [{ steps: [{ uses: 'x', as: 'step-3' }] }, /^input: steps\[0\].as: alias "step-3" is reserved/],
    [{ steps: [{ uses: 'x', as: ' task-1 ' }] }, /^input: steps\[0\].as: alias "task-1" is reserved/],
    [
      {
        steps: [
          { uses: 'x', as: 'a' },
          { uses: 'x', as: ' a ' },
        ],
      },
      /^input: steps\[1\].as: alias "a" is already that of step 1$/,
    ],
    [
      { steps: [{ uses: 'x', as: "${{ secret('s').k }}" }] },
      /^input: steps\[0\].as: an alias is seen by everybody/,
    ],
    [
      { steps: [{ uses: 'x', retry: { errorThreshold: -1 } }] },
      /^input: steps\[0\].retry.errorThreshold: .* from 0 on, not "-1"$/,
    ],
    [{ steps: [{ uses: 'x', retry: { errorThreshold: 1.5 } }] }, /must be a whole number/],
    [
      { steps: [{ uses: 'x', retry: { timeout: '5 min' } }] },
      /^input: steps\[0\].retry.timeout: "timeout" must be a duration/,
    ],
    [
      { steps: [{ uses: 'x', retry: { backoff: { factor: 0.5 } } }] },
      /^input: steps\[0\].retry.backoff.factor: .* from 1 on/,
    ],
    [
      { steps: [{ uses: 'x', continueOnError: 'yes' }] },
      /^input: steps\[0\].continueOnError: .* must be true or false/,
    ],
    [
      { steps: [{ uses: 'x', config: [] }] },
      /^input: steps\[0\].config: "config" must be an object, not a list$/,
    ],
    [
      { steps: [null, { uses: 'x' }] },
      /^input: steps\[0\]: item 0 of "steps" must be an object: steps, not null$/,
    ],
  ];
  for (const [fault, expected] of faults) {
    it(`with ${JSON.stringify(fault).slice(0, 70)} is refused`, () => {
      const problems = problemsOf(Object.assign(Object.create(null), good, fault));
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(problems[0]!, expected);
    });
  }

  it('tells all its faults together', () => {
    const problems = problemsOf({ project: 'A', stage: 7, vars: 1, steps: [{}, { uses: 1 }], x: 1 });
    assert.equal(problems.length, 7, problems.join('\n'));
  });

  it('survives whatever it is sent', () => {
    const values = [undefined, null, 0, '', [], {}, [null], [[]], [{}], { $undecodable: 1 }, true];
    for (const key of [
      'project',
      'stage',
      'freight',
      'actor',
      'vars',
      'steps',
      'definitions',
      'onFailure',
      'timeout',
    ])
      for (const value of values) assert.doesNotThrow(() => parseRequest([{ ...good, [key]: value }]));
  });
});

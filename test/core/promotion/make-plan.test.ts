import assert from 'node:assert/strict';
import type { Plan } from '../../../src/core/promotion/plan.ts';
import { catalogue, manifest, plan, problemsOf, stage, worldOf } from './plan-rig.ts';

const plain = '      - uses: plain\n';

function planned(request: object, yaml: string): Plan {
  const planning = plan(request, worldOf(yaml));
  assert.deepEqual(problemsOf(planning), []);
  return planning.plan!;
}

function refused(
  request: object,
  yaml: string,
  parts: Parameters<typeof worldOf>[1] = {},
): readonly string[] {
  const planning = plan(request, worldOf(yaml, parts));
  assert.equal(planning.plan, undefined);
  return problemsOf(planning);
}

describe('a plan', () => {
  for (const [what, spec, expected] of [
    ['its project says nothing', '{}', undefined],
    ['its project says so', '{commitStatuses: true}', true],
    ['its project says no', '{commitStatuses: false}', undefined],
  ] as const) {
    it(`asks for commit statuses or not: ${what}`, () => {
      const config = manifest('ProjectConfig', 'demo', `spec: ${spec}\n`);
      assert.equal(planned({}, stage(plain) + config).commitStatuses, expected);
    });
  }

  it('says where commitStatuses is neither true nor false', () => {
    const config = manifest('ProjectConfig', 'demo', 'spec: {commitStatuses: maybe}\n');
    assert.match(refused({}, stage(plain) + config).join('\n'), /commitStatuses/);
  });

  it('carries the address of the user interface', () => {
    const planning = plan({}, worldOf(stage(plain), { uiBaseUrl: 'https://ui.example' }));
    assert.equal(planning.plan?.uiBaseUrl, 'https://ui.example');
  });

  it('is everything the interpreter needs', () => {
    const steps = `      - uses: git-clone
        as: clone
        if: \${{ vars.a == '1' }}
        continueOnError: true
        retry: {errorThreshold: 3, timeout: 90s}
        vars: [{name: s, value: own}]
        config: {repoURL: "\${{ vars.a }}", depth: 1}
      - uses: wait
`;
    const vars = '  vars: [{name: a, value: "0"}]\n';
    const made = planned({ vars: [{ name: 'a', value: '1' }] }, stage(steps, vars));
    assert.deepEqual(made.vars, [
      { name: 'a', value: '0' },
      { name: 'a', value: '1' },
    ]);
    assert.deepEqual(made.steps[0], {
      alias: 'clone',
      uses: 'git-clone',
      summary: 'clone: Clones a repository.',
      if: "${{ vars.a == '1' }}",
      continueOnError: true,
      vars: [{ name: 's', value: 'own' }],
      config: { repoURL: '${{ vars.a }}', depth: 1 },
      retry: { errorThreshold: 3, timeout: 90_000, backoff: { initial: 1000, factor: 2, max: 60_000 } },
      place: 'workspace',
      effect: 'workspace',
      repeatable: true,
    });
    assert.equal(made.steps[1]!.alias, 'step-2');
    assert.equal(made.steps[1]!.place, 'io');
    assert.deepEqual(made.definitions, { source: './d', revision: 'abc' });
    assert.deepEqual(made.searchAttributes, ['GantryStage']);
    assert.deepEqual(made.tools, { git: '2.39.5' });
    assert.equal(made.freight.target.name, 'f1');
  });

  const retries: readonly (readonly [string, Plan['steps'][number]['retry']])[] = [
    ['{}', { errorThreshold: 1, timeout: 300_000, backoff: { initial: 1000, factor: 2, max: 60_000 } }],
    [
      '{errorThreshold: 0, timeout: 0s}',
      { errorThreshold: 1, backoff: { initial: 1000, factor: 2, max: 60_000 } },
    ],
    [
      '{timeout: 1h, backoff: {initial: 5m}}',
      { errorThreshold: 1, timeout: 3_600_000, backoff: { initial: 300_000, factor: 2, max: 300_000 } },
    ],
    [
      '{errorThreshold: 4, backoff: {initial: 2s, factor: 1.5, max: 9s}}',
      { errorThreshold: 4, timeout: 300_000, backoff: { initial: 2000, factor: 1.5, max: 9000 } },
    ],
  ];
  for (const [written, retry] of retries) {
    it(`takes retry ${written} with the defaults of kind and engine`, () => {
      const made = planned({}, stage(`      - uses: wait\n        retry: ${written}\n`));
      assert.deepEqual(made.steps[0]!.retry, retry);
    });
  }

  it('takes inline steps with the vars of the Stage, and without any definitions', () => {
    const request = { steps: [{ uses: 'plain' }], vars: [{ name: 'r', value: '' }] };
    const vars = '  vars: [{name: s, value: ""}]\n';
    assert.deepEqual(
      planned(request, stage(plain, vars)).vars.map(({ name }) => name),
      ['s', 'r'],
    );
    assert.equal(planned(request, '').steps.length, 1);
  });

  it('is refused beyond 384 KiB, naming the largest step', () => {
    const steps = [
      { uses: 'plain', as: 'small' },
      { uses: 'plain', as: 'big', config: { text: 'x'.repeat(400_000) } },
    ];
    const [problem] = refused({ steps }, '');
    assert.match(
      problem!,
      /^input: the plan has \d+ KiB, more than 384 KiB; most of it is step "big" with 391 KiB$/,
    );
  });

  it('of a Stage is not disturbed by a broken file elsewhere, but says so', () => {
    const world = worldOf(stage(plain));
    const broken = { message: 'bad', place: { source: 'x.yaml', line: 1 } };
    const definitions = { ...world.definitions, problems: [broken] };
    const planning = plan({}, { ...world, definitions });
    assert.deepEqual(planning.plan?.warnings, ['x.yaml:1:1: warning: bad']);
    const failing = plan({ stage: 'other' }, { ...world, definitions });
    assert.ok(problemsOf(failing).includes('x.yaml:1:1: bad'));
  });
});

describe('what cannot be planned', () => {
  const cases: readonly (readonly [string, object, string, RegExp])[] = [
    [
      'an unknown Stage',
      { stage: 'tset' },
      stage(plain),
      /^input: stage: there is no Stage "tset" in project "demo", did you mean "test"\?$/,
    ],
    ['an unknown Stage, none near', { stage: 'production' }, stage(plain), /^input: stage: .*; known: test$/],
    ['a Stage where there is none', {}, '', /^input: stage: .*: the definitions hold none\. Send them along/],
    [
      'a Stage of another project',
      {},
      stage(plain).replace('  name: test', '  name: test\n  namespace: other'),
      /^input: stage: there is no Stage "test" in project "demo"/,
    ],
    [
      'an unknown project',
      { project: 'dmeo' },
      manifest('Project', 'demo') + stage(plain),
      /^input: project: there is no Project "dmeo", did you mean "demo"\?$/,
    ],
    [
      'a Stage without steps',
      {},
      manifest('Stage', 'test', 'spec: {}\n'),
      /^d\.yaml:5:\d+: Stage "test" has no steps/,
    ],
    [
      'a Stage that is defined twice',
      {},
      stage(plain) + stage(plain),
      /^d\.yaml:14:9: Stage "test" is already defined at d\.yaml:4:9/,
    ],
    [
      'an unknown kind of step',
      {},
      stage('      - uses: git-clon\n'),
      /^d\.yaml:9:15: step "step-1": there is no kind of step "git-clon", did you mean "git-clone"\?$/,
    ],
    [
      'an unknown kind, none near',
      {},
      stage('      - uses: helm\n'),
      /; known: compose-output, git-clone, plain, wait$/,
    ],
    [
      'a config without a field',
      {},
      stage('      - uses: git-clone\n        as: c\n'),
      /^d\.yaml:9:9: step "c" \(git-clone\): config\.repoURL: is required$/,
    ],
    [
      'a config with a strange field',
      {},
      stage('      - uses: git-clone\n        config:\n          repoURL: x\n          depht: 1\n'),
      /^d\.yaml:12:11: step "step-1" \(git-clone\): config\.depht: unknown field, did you mean depth\?$/,
    ],
    [
      'a field of a step that is none',
      {},
      stage('      - uses: plain\n        confg: {}\n'),
      /^d\.yaml:10:9: unknown field "confg", did you mean "config"\?$/,
    ],
    [
      'an expression that does not parse',
      {},
      stage(
        '      - uses: plain\n        config:\n          text: |\n            one\n            two ${{ 1 + }}\n',
      ),
      /^d\.yaml:13:\d+: step "step-1" \(plain\)/,
    ],
    [
      'a condition that does not parse',
      {},
      stage('      - uses: plain\n        if: ${{ ( }}\n'),
      /^d\.yaml:10:\d+: step "step-1" \(plain\): if: /,
    ],
    [
      'a variable that does not parse',
      {},
      stage(plain, '  vars: [{name: v, value: "${{ ( }}"}]\n'),
      /^d\.yaml:6:\d+: promotion: variable "v": /,
    ],
    [
      'an unknown task',
      {},
      stage('      - task: {name: nope}\n'),
      /^d\.yaml:9:22: step "task-1": there is no PromotionTask "nope" among the definitions$/,
    ],
    [
      'a task of the other kind',
      {},
      stage('      - task: {name: t}\n') +
        manifest('ClusterPromotionTask', 't', 'spec: {steps: [{uses: plain}]}\n'),
      /write "kind: ClusterPromotionTask" below "task"$/,
    ],
    [
      'a fault inside a task, once',
      {},
      stage('      - task: {name: t}\n      - task: {name: t}\n') +
        manifest('PromotionTask', 't', 'spec:\n  steps:\n  - uses: nope\n'),
      /^d\.yaml:18:11: step "step-1": there is no kind of step "nope"/,
    ],
    [
      'a task that uses itself',
      {},
      stage('      - task: {name: t}\n') +
        manifest('PromotionTask', 't', 'spec:\n  steps:\n  - task: {name: t}\n'),
      /^d\.yaml:17:5: step "task-1": task "t" leads back to itself: "t" → "t"$/,
    ],
    [
      'a task without steps',
      {},
      stage('      - task: {name: t}\n') + manifest('PromotionTask', 't', 'spec: {}\n'),
      /^d\.yaml:15:\d+: PromotionTask "t" has no steps$/,
    ],
    [
      'a value that is missing',
      {},
      stage('      - task: {name: t}\n        as: x\n') +
        manifest('PromotionTask', 't', 'spec:\n  vars: [{name: need}]\n  steps: [{uses: plain}]\n'),
      /^d\.yaml:9:\d+: step "x": task "t" needs a value for variable "need"/,
    ],
    [
      'two steps of one alias',
      {},
      stage('      - {uses: plain, as: "t::s"}\n      - {task: {name: t}, as: t}\n') +
        manifest('PromotionTask', 't', 'spec: {steps: [{uses: plain, as: s}]}\n'),
      /alias "t::s" belongs to two steps$/,
    ],
  ];
  for (const [what, request, yaml, expected] of cases) {
    it(what, () => {
      const problems = refused(request, yaml);
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(problems[0]!, expected);
    });
  }

  const secrets: readonly (readonly [string, readonly object[], number])[] = [
    ["secret('s').key", [], 1],
    ['secrets.s.key', [], 1],
    ["'x' + sharedSecret('s').key", [], 1],
    ['vars.token', [{ name: 'token', value: "${{ secret('s').key }}" }], 1],
    [
      'vars.b',
      [
        { name: 'a', value: "${{ secret('s').key }}" },
        { name: 'b', value: 'x${{ vars.a }}' },
      ],
      1,
    ],
    ['vars', [{ name: 'token', value: "${{ secret('s').key }}" }], 1],
    [
      'vars.token',
      [
        { name: 'token', value: "${{ secret('s').key }}" },
        { name: 'token', value: 'open' },
      ],
      0,
    ],
    ['vars.other', [{ name: 'token', value: "${{ secret('s').key }}" }], 0],
  ];
  for (const [expression, vars, count] of secrets) {
    it(`${count ? '' : 'not '}an output that comes from ${expression} with ${vars.length} vars`, () => {
      const config = { open: '1', inner: { value: `\${{ ${expression} }}` } };
      const planning = plan({ vars, steps: [{ uses: 'compose-output', config }] }, worldOf(''));
      const problems = problemsOf(planning);
      assert.equal(problems.length, count, problems.join());
      if (count) assert.match(problems[0]!, /^input: steps\[0\]\.config\.inner\.value: .* reads a secret/);
    });
  }

  it('secrets are fine anywhere else', () => {
    const config = { value: "${{ secret('s').key }}" };
    assert.ok(plan({ steps: [{ uses: 'plain', config }] }, worldOf('')).plan);
  });

  it('a variable that asks how steps ended, for vars are evaluated before', () => {
    const vars = [{ name: 'v', value: '${{ success() }}' }];
    assert.match(
      refused({ vars, steps: [{ uses: 'plain' }] }, '').join(),
      /^input: vars\[0\]\.value: .*success/,
    );
  });

  it('inline steps where a worker takes none', () => {
    const problems = refused({ steps: [{ uses: 'plain' }] }, '', { allowInlineSteps: false });
    assert.match(
      problems.join(),
      /^input: steps: "steps" are not accepted by this worker.*--allow-inline-steps$/,
    );
  });

  it('a step that needs the word of the operator', () => {
    const kinds = new Map([
      ...catalogue,
      ['script', { ...catalogue.get('plain')!, kind: 'script', isGuarded: true }],
    ] as const);
    const yaml = stage('      - uses: script\n');
    const [problem, ...others] = refused({}, yaml, { catalogue: kinds, allowSteps: [] });
    assert.match(problem ?? '', /^d\.yaml:9:15: step "step-1" \(script\): .* with --allow-step script/);
    assert.deepEqual(others, []);
    for (const parts of [{ allowSteps: ['script'] }, {}])
      assert.ok(plan({}, worldOf(yaml, { catalogue: kinds, ...parts })).plan);
  });

  it('a message to a channel there is none of', () => {
    const kinds = new Map([
      ...catalogue,
      ['tell', { ...catalogue.get('plain')!, kind: 'tell', channels: true }],
    ] as const);
    const tell = (config: string) => stage(`      - uses: tell\n        config: ${config}\n`);
    const slack = (name: string) =>
      manifest('MessageChannel', name, 'spec: {secretRef: {name: s}, slack: {channelID: C1}}\n').replace(
        'kargo.',
        'ee.kargo.',
      );
    const problems = (config: string, ...channels: readonly string[]) =>
      problemsOf(plan({}, worldOf(tell(config) + channels.join(''), { catalogue: kinds })));
    assert.deepEqual(problems('{destination: slack}', slack('a')), []);
    assert.deepEqual(problems('{destination: "${{ vars.x }}"}'), []);
    assert.match(
      problems('{destination: slack}').join(),
      /destination: there is no channel "slack"; the definitions hold none/,
    );
    assert.match(problems('{destination: slack}', slack('a'), slack('b')).join(), /could be any of a, b/);
    assert.match(problems('{destination: aa}', slack('ab')).join(), /there is no channel "aa", did you mean/);
    assert.match(
      problems('{channel: {kind: MessageChannel, name: news}}', slack('team')).join(),
      /there is no MessageChannel "news"; known: team/,
    );
    assert.match(
      problems('{destination: a}', slack('a').replace('slack:', 'slak:')).join(),
      /needs one of "slack" and "smtp"|unknown field "slak"/,
    );
  });

  it('a step whose binary is missing', () => {
    const problems = refused({ steps: [{ uses: 'git-clone', config: { repoURL: 'x' } }] }, '', { tools: {} });
    assert.match(
      problems.join(),
      /^input: steps\[0\]\.uses: step "step-1" \(git-clone\) needs git, which this worker/,
    );
  });

  it('all of it at once', () => {
    const yaml = stage('      - uses: nope\n      - task: {name: nope}\n      - uses: git-clone\n');
    assert.equal(refused({ freight: 'f9' }, yaml).length, 4);
  });
});

describe('Freight of a plan', () => {
  const warehouse = (name: string) =>
    manifest(
      'Warehouse',
      name,
      `spec: {subscriptions: [{image: {repoURL: app}}, {git: {repoURL: g}}, {chart: {repoURL: c, name: web}}, {model: {x: 1}, name: m}]}\n`,
    );
  const requests = (...names: readonly string[]) =>
    `  requestedFreight: [${names.map((name) => `{origin: {kind: Warehouse, name: ${name}}}`).join(', ')}]\n`;
  const freight = (name: string, origin: string, alias = name) =>
    manifest(
      'Freight',
      name,
      `alias: ${alias}\norigin: {kind: Warehouse, name: ${origin}}\nimages: [{repoURL: app, tag: v1}]\n`,
    );
  const one =
    stage(plain, requests('a')) + warehouse('a') + freight('f1', 'a', 'proud-panda') + freight('f2', 'b');

  it('is found by name and by alias, with what its Warehouse subscribes to', () => {
    for (const name of ['f1', 'proud-panda']) {
      const { target, collection, origins, warehouses } = planned({ freight: name }, one).freight;
      assert.equal(target.name, 'f1');
      assert.deepEqual(collection, [target]);
      assert.deepEqual(origins, [{ kind: 'Warehouse', name: 'a' }]);
      assert.deepEqual(warehouses, [
        {
          origin: origins[0],
          images: ['app'],
          git: ['g'],
          charts: [{ repoURL: 'c', name: 'web' }],
          artifacts: ['m'],
        },
      ]);
    }
  });

  it('that names no Warehouse belongs to the only one requested', () => {
    const inline = { images: [{ repoURL: 'app', tag: 'v1' }] };
    const { target } = planned({ freight: inline }, one).freight;
    assert.equal(target.origin?.name, 'a');
    assert.match(target.name, /^[0-9a-f]{40}$/);
    assert.match(target.alias, /^[a-z]+-[a-z]+$/);
  });

  it('may come from several Warehouses, the first piece being promoted', () => {
    const yaml = stage(plain, requests('a', 'b'));
    const pieces = ['b', 'a'].map((name) => ({ name: `f${name}`, origin: { kind: 'Warehouse', name } }));
    const { target, collection, warehouses } = planned({ freight: pieces }, yaml).freight;
    assert.equal(target.name, 'fb');
    assert.deepEqual(
      collection.map(({ name }) => name),
      ['fb', 'fa'],
    );
    assert.deepEqual(warehouses, []);
  });

  it('leaves out what the Stage does not request', () => {
    const pieces = ['a', 'b'].map((name) => ({ name: `f${name}`, origin: { kind: 'Warehouse', name } }));
    const planning = plan({ freight: pieces }, worldOf(one));
    assert.match(
      planning.plan!.warnings.join(),
      /freight\[1\]: warning: Freight .* requests only a: left out$/,
    );
    assert.equal(planning.plan!.freight.collection.length, 1);
  });

  const faults: readonly (readonly [unknown, RegExp])[] = [
    ['latest', /^input: freight: Freight "latest" needs the Stage's record, which is not kept yet/],
    [
      'proud-pandas',
      /^input: freight: Freight "proud-pandas" is not among the definitions, did you mean "proud-panda"\?/,
    ],
    ['zzz', /^input: freight: Freight "zzz" is not among the definitions; known: f1, proud-panda, f2/],
    ['f2', /^input: freight: Freight "f2" comes from Warehouse "b", but Stage "test" requests only a$/],
    [
      [
        { name: 'x', origin: { name: 'a' } },
        { name: 'y', origin: { name: 'a' } },
      ],
      /^input: freight\[1\]: a second piece of Freight from Warehouse "a"/,
    ],
  ];
  for (const [value, expected] of faults) {
    it(`is refused: ${JSON.stringify(value).slice(0, 50)}`, () => {
      const problems = refused({ freight: value }, one);
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(problems[0]!, expected);
    });
  }

  it('is refused by an alias that two pieces have', () => {
    const yaml = stage(plain) + freight('f1', 'a', 'same') + freight('f2', 'a', 'same');
    assert.match(
      refused({ freight: 'same' }, yaml).join(),
      /alias "same" belongs to several pieces of Freight: f1, f2/,
    );
  });

  it('is refused where a manifest of it is malformed, at its line', () => {
    const yaml = stage(plain) + manifest('Freight', 'f1', 'images: [{repoURL: app, tag: 1.20}]\n');
    assert.match(
      refused({ freight: 'f1' }, yaml).join(),
      /^d\.yaml:15:30: "tag" must be text, not a number: put it in quotes$/,
    );
  });
});

import assert from 'node:assert/strict';
import {
  atMostOne,
  boolean,
  exactlyOne,
  free,
  integer,
  list,
  map,
  number,
  object,
  oneOf,
  optional,
  string,
} from '../../../src/core/schema/describe.ts';
import { formatConfigProblem } from '../../../src/core/schema/explain.ts';
import { textFieldAt } from '../../../src/core/schema/text-field.ts';
import { applyDefaults, checkConfig, validateConfig } from '../../../src/core/schema/validate.ts';
import type { Json, JsonPath } from '../../../src/core/json.ts';

const config = object({
  repoURL: string('Repository to clone.', { minLength: 1 }),
  provider: optional(oneOf('Git host, where the URL does not tell.', ['github', 'gitlab'])),
  timeout: optional(string('Limit.', { duration: true, default: '10s' })),
  depth: optional(integer('Commits to fetch.', { minimum: 1, maximum: 100 })),
  share: optional(number('Part of them.')),
  quiet: optional(boolean('Say nothing.', { default: false })),
  labels: optional(map('Labels.', string('Value of a label.'))),
  anything: optional(free('Any value.')),
  email: optional(string('Address.', { format: 'email' })),
  author: optional(
    object(
      { tag: optional(string('Tag.')), digest: optional(string('Digest.')) },
      exactlyOne('tag', 'digest'),
    ),
  ),
  checkout: list(
    'What to check out.',
    object(
      {
        path: string('Folder.'),
        branch: optional(string('Branch.')),
        commit: optional(string('Commit.', { artifact: 'commit' })),
        tag: optional(string('Tag.')),
        force: optional(boolean('Force.', { default: true })),
      },
      atMostOne('branch', 'commit', 'tag'),
    ),
    { minItems: 1 },
  ),
});

const fine = { repoURL: 'r', checkout: [{ path: 'a' }] };

function messages(value: Json, check = validateConfig): readonly string[] {
  return check(config, value).map(formatConfigProblem);
}

describe('a config is checked against its declaration', () => {
  const wrong: readonly (readonly [Json, ...string[]])[] = [
    [
      { ...fine, checkout: [{ path: 'a', brnach: 'x' }] },
      'checkout[0].brnach: unknown field; did you mean branch?',
    ],
    [{ ...fine, provider: 'githb' }, 'provider: "githb" is not one of github, gitlab; did you mean github?'],
    [{ ...fine, provider: 5 }, 'provider: 5 is not one of github, gitlab'],
    [{ checkout: [{ path: 'a' }] }, 'repoURL: is required (Repository to clone.)'],
    [{ ...fine, timeout: 'abc' }, 'timeout: must be a duration such as 10s or 5m, not "abc"'],
    [
      { ...fine, checkout: [{ path: 'a', branch: 'b', tag: 't' }] },
      'checkout[0]: only one of branch, commit and tag may be set',
    ],
    [{ ...fine, author: { tag: '' } }, 'author: one of tag or digest must be set'],
    [{ ...fine, author: { tag: 'a', digest: 'b' } }, 'author: only one of tag and digest may be set'],
    [
      { ...fine, author: { tag: 'a', zzzzzz: 1 } },
      'author.zzzzzz: unknown field; known here: tag and digest',
    ],
    [{ ...fine, repoURL: '' }, 'repoURL: must not be empty'],
    [{ ...fine, repoURL: 1.2 }, 'repoURL: must be text, not 1.2'],
    [{ ...fine, depth: 1.5 }, 'depth: must be a whole number, not 1.5'],
    [{ ...fine, depth: 0 }, 'depth: must be at least 1, not 0'],
    [{ ...fine, depth: 101 }, 'depth: must be at most 100, not 101'],
    [{ ...fine, quiet: 'yes' }, 'quiet: must be true or false, not "yes"'],
    [{ ...fine, share: null }, 'share: must be a number, not null'],
    [{ ...fine, labels: { a: 'x', 'b/c~d': 2 } }, 'labels["b/c~d"]: must be text, not 2'],
    [{ ...fine, email: 'nobody' }, 'email: must be an email address, not "nobody"'],
    [{ ...fine, checkout: [] }, 'checkout: must have at least 1 item'],
    [{ ...fine, checkout: { path: 'a' } }, 'checkout: must be a list, not an object'],
    [{ ...fine, checkout: ['a'] }, 'checkout[0]: must be an object with fields, not "a"'],
    [{ ...fine, depth: 's'.repeat(500) }, 'depth: must be a whole number, not a text of 500 characters'],
    [null, 'must be an object with fields, not null'],
    [
      { provider: 'x', checkout: [{ branch: 5 }] },
      'repoURL: is required (Repository to clone.)',
      'checkout[0].path: is required (Folder.)',
      'checkout[0].branch: must be text, not 5',
      'provider: "x" is not one of github, gitlab',
    ],
  ];
  for (const [value, ...expected] of wrong) {
    it(expected[0]!, () => assert.deepEqual([...messages(value)].sort(), [...expected].sort()));
  }

  it('takes what fits, whatever stands in free fields', () => {
    const anything = { deep: [1, null, { x: true }] };
    const author = { tag: 'a', digest: '' };
    assert.deepEqual(messages({ ...fine, timeout: '1h30m', labels: { a: 'b' }, anything, author }), []);
    assert.deepEqual(messages({ ...fine, checkout: [{ path: 'a', branch: '', commit: 'c', tag: '' }] }), []);
  });

  it('reports every problem, not the first eight', () => {
    const checkout = Array.from({ length: 40 }, () => ({ path: 1 }));
    assert.equal(messages({ ...fine, checkout }).length, 40);
  });
});

describe('a config as written', () => {
  const free: readonly Json[] = [
    { ...fine, depth: '${{ vars.depth }}', provider: '${{ vars.host }}', timeout: '${{ vars.t }}s' },
    { ...fine, checkout: '${{ vars.list }}' },
    { ...fine, checkout: ['${{ vars.item }}', { path: '${% if x %}a${% endif %}' }] },
    { ...fine, author: { tag: '${{ vars.tag }}' } },
    { ...fine, author: { tag: '${{ vars.tag }}', digest: 'sha256:a' } },
    { ...fine, checkout: [{ path: 'a', branch: '${{ vars.b }}', tag: '${{ vars.t }}' }] },
    '${{ vars.all }}',
  ];
  for (const value of free) {
    it(`leaves expressions alone: ${JSON.stringify(value).slice(0, 70)}`, () =>
      assert.deepEqual(messages(value, checkConfig), []));
  }

  const wrong: readonly (readonly [Json, string])[] = [
    [{ ...fine, depth: 'deep' }, 'depth: must be a whole number, not "deep"'],
    [{ ...fine, dpeth: '${{ 1 }}' }, 'dpeth: unknown field; did you mean depth?'],
    [{ checkout: '${{ x }}' }, 'repoURL: is required (Repository to clone.)'],
    [
      { ...fine, checkout: [{ path: 'a', branch: 'b', commit: '${{ c }}', tag: 't' }] },
      'checkout[0]: only one of branch, commit and tag may be set',
    ],
    [{ ...fine, author: {} }, 'author: one of tag or digest must be set'],
  ];
  for (const [value, expected] of wrong) {
    it(`still reports ${expected}`, () => assert.deepEqual(messages(value, checkConfig), [expected]));
  }
});

describe('defaults', () => {
  it('are filled in where a field is absent, at every depth', () => {
    const given = { repoURL: 'r', checkout: [{ path: 'a' }, { path: 'b', force: false }] };
    assert.deepEqual(applyDefaults(config, given), {
      repoURL: 'r',
      timeout: '10s',
      quiet: false,
      checkout: [
        { path: 'a', force: true },
        { path: 'b', force: false },
      ],
    });
    assert.deepEqual(given, { repoURL: 'r', checkout: [{ path: 'a' }, { path: 'b', force: false }] });
  });
});

describe('a text field', () => {
  const kinds: readonly (readonly [JsonPath, string | undefined])[] = [
    [['repoURL'], 'text'],
    [['timeout'], 'text'],
    [['provider'], 'text'],
    [['checkout', 3, 'path'], 'text'],
    [['checkout', 0, 'commit'], 'commit'],
    [['labels', 'any'], 'text'],
    [['depth'], undefined],
    [['anything'], undefined],
    [['anything', 'below'], undefined],
    [['checkout'], undefined],
    [['checkout', 0, 'constructor'], undefined],
    [['nowhere', 'at', 'all'], undefined],
    [[], undefined],
  ];
  for (const [path, kind] of kinds) {
    it(`${JSON.stringify(path)} is ${kind ?? 'none'}`, () => assert.equal(textFieldAt(config, path), kind));
  }
});

import assert from 'node:assert/strict';
import { formatAge, parseSince } from '../../../src/client/cli/ages.ts';
import { parseValue } from '../../../src/client/cli/assignments.ts';
import { runGantry } from '../../support/cli.ts';

const now = Date.parse('2026-05-08T08:00:00Z');

describe('values of --set', () => {
  const cases: readonly [string, unknown][] = [
    ['main', 'main'],
    ['3', 3],
    ['-1.5', -1.5],
    ['1.20', '1.20'],
    ['007', '007'],
    ['1e5', '1e5'],
    ['Infinity', 'Infinity'],
    ['', ''],
    [' ', ' '],
    ['true', true],
    ['null', null],
    ['"3"', '3'],
    ['[1, {"a": "b"}]', [1, { a: 'b' }]],
    ['${{ vars.x }}', '${{ vars.x }}'],
  ];
  for (const [text, value] of cases) {
    it(`${text} is ${JSON.stringify(value)}`, () => assert.deepEqual(parseValue('--set a', text), value));
  }
});

describe('ages', () => {
  for (const [seconds, text] of [
    [0, '0s'],
    [119, '119s'],
    [120, '2m'],
    [7199, '119m'],
    [7200, '2h'],
    [172_800, '2d'],
    [-5, '0s'],
  ] as const) {
    it(`of ${seconds} seconds are ${text}`, () =>
      assert.equal(formatAge(new Date(now - seconds * 1000).toISOString(), now), text));
  }
  for (const [text, instant] of [
    ['90m', '2026-05-08T06:30:00.000Z'],
    ['7d', '2026-05-01T08:00:00.000Z'],
    ['2026-05-01', '2026-05-01T00:00:00.000Z'],
    ['2026-05-01T10:00:00+02:00', '2026-05-01T08:00:00.000Z'],
  ] as const) {
    it(`--since ${text} is ${instant}`, () => assert.equal(parseSince(text, now).toISOString(), instant));
  }
});

describe('usage of the commands that operate', () => {
  const cases: readonly [string, RegExp][] = [
    ['abort', /^Say which promotion: gantry abort ID; `gantry promotions` lists them\n$/],
    ['abort x --project demo', /^Name one promotion, or say which with --query and the like: not both\n$/],
    ['pause x --actor=', /^Say who decides: --actor NAME\n$/],
    ['skip', /missing required argument 'promotion'/],
    ['skip x --project demo', /unknown option '--project'/],
    ['skip x --outputs none.yaml', /^--outputs none\.yaml: there is no such file\n$/],
    ['skip x --outputs -', /^--outputs -: there is no standard input\n$/],
    ['retry x --config package.json --set a', /^--set a: write a key as name=value\n$/],
    [
      'retry x --set a=[1',
      /^--set a \[1: what begins like this has to be JSON; a text goes in double quotes\n$/,
    ],
    [
      'retry x --config .prettierignore',
      /^--config \.prettierignore: it has to hold an object, such as "key: value"\n$/,
    ],
    [
      'retry --project demo --var a=b',
      /^--step, --config, --set and --var correct one promotion: name it\n$/,
    ],
    ['promotions --limit 0', /^--limit 0: write a whole number from 1 to 99999\n$/],
    [
      'promotions --since yesterday',
      /^--since yesterday: write a duration such as 90m or 7d, or a time such as /,
    ],
    ['promotions --phase Lost', /Allowed choices are Pending, Running,/],
  ];
  for (const [line, message] of cases) {
    it(`${line} ends with 2 and says what to do`, async () => {
      const { code, stdout, stderr } = await runGantry(line.split(' '));
      assert.match(stderr, message);
      assert.deepEqual([code, stdout], [2, '']);
    });
  }

  for (const line of ['promotions', 'abort x']) {
    it(`${line} ends with 4 without a server`, async () => {
      const env = { TEMPORAL_ADDRESS: '127.0.0.1:9' };
      const { code, stderr } = await runGantry(line.split(' '), { env });
      assert.match(stderr, /^No Temporal server answers at 127\.0\.0\.1:9 \(from TEMPORAL_ADDRESS\)/);
      assert.equal(code, 4);
    });
  }

  it('completion says nothing without a server, and soon', async () => {
    const end = await runGantry(['complete', 'promotions', 'x'], {
      env: { TEMPORAL_ADDRESS: '127.0.0.1:9' },
    });
    assert.deepEqual(end, { code: 0, stdout: '', stderr: '' });
  });
});

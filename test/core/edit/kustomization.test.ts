import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import { setImages, type ImageEntry } from '../../../src/core/edit/kustomization.ts';

const web2 = [{ name: 'web', newTag: 'v2' }];

describe('images of a kustomization', () => {
  const cases: readonly {
    readonly it: string;
    readonly file: string;
    readonly set?: readonly ImageEntry[];
    readonly becomes: string;
  }[] = [
    {
      it: 'changes the value only, comments and layout stay',
      file: '# head\nresources: # r\n    - a.yaml   # a\n\n# images below\nimages:\n    # first\n    - name: web # n\n      newTag: "v1"   # t\n    # db\n    - name: db\n      newTag: \'9\'\n# tail\nnamespace: x\n',
      becomes:
        '# head\nresources: # r\n    - a.yaml   # a\n\n# images below\nimages:\n    # first\n    - name: web # n\n      newTag: "v2"   # t\n    # db\n    - name: db\n      newTag: \'9\'\n# tail\nnamespace: x\n',
    },
    {
      it: 'keeps Windows line ends',
      file: 'a: b\r\nimages:\r\n- name: web\r\n  newTag: v1\r\n',
      becomes: 'a: b\r\nimages:\r\n- name: web\r\n  newTag: v2\r\n',
    },
    {
      it: 'adds with Windows line ends',
      file: 'a: b\r\n',
      becomes: 'a: b\r\nimages:\r\n- name: web\r\n  newTag: v2\r\n',
    },
    {
      it: 'keeps a byte order mark',
      file: '\uFEFFimages:\n- name: web\n  newTag: v1\n',
      becomes: '\uFEFFimages:\n- name: web\n  newTag: v2\n',
    },
    {
      it: 'adds below a byte order mark',
      file: '\uFEFFa: b\n',
      becomes: '\uFEFFa: b\nimages:\n- name: web\n  newTag: v2\n',
    },
    {
      it: 'works in a flow list',
      file: 'images: [ {name: web, newTag: v1}, {name: db} ] # c\n',
      becomes: 'images: [ {name: web, newTag: v2}, {name: db} ] # c\n',
    },
    {
      it: 'adds to a flow list',
      file: 'images: [{name: db}]\n',
      becomes: 'images: [{name: db}, {name: web, newTag: v2}]\n',
    },
    {
      it: 'adds to an empty flow list',
      file: 'images: []\nkind: Kustomization\n',
      becomes: 'images: [{name: web, newTag: v2}]\nkind: Kustomization\n',
    },
    {
      it: 'works in flow entries of a block list',
      file: 'images:\n- {name: web, newTag: v1}\n- {name: db}\n',
      set: [{ name: 'web', digest: 'sha256:a' }],
      becomes: 'images:\n- {name: web, digest: sha256:a}\n- {name: db}\n',
    },
    {
      it: 'works in JSON',
      file: '{"resources": ["a.yaml"], "images": [{"name": "web", "newTag": "v1"}]}',
      becomes: '{"resources": ["a.yaml"], "images": [{"name": "web", "newTag": "v2"}]}',
    },
    {
      it: 'adds a list to a flow document',
      file: '{resources: [a.yaml]}\n',
      becomes: '{resources: [a.yaml], images: [{name: web, newTag: v2}]}\n',
    },
    {
      it: 'fills images without a value',
      file: 'images: # none\nkind: K\n',
      becomes: 'images: # none\n- name: web\n  newTag: v2\nkind: K\n',
    },
    {
      it: 'fills images that are null',
      file: 'images: null\nkind: K\n',
      becomes: 'images:\n- name: web\n  newTag: v2\nkind: K\n',
    },
    {
      it: 'adds a list at the end',
      file: 'resources:\n- a.yaml\n\n# the end\n',
      becomes: 'resources:\n- a.yaml\n\n# the end\nimages:\n- name: web\n  newTag: v2\n',
    },
    {
      it: 'adds a list where the last line is open',
      file: 'resources:\n- a.yaml',
      becomes: 'resources:\n- a.yaml\nimages:\n- name: web\n  newTag: v2',
    },
    {
      it: 'adds in the indentation of the list',
      file: 'images:\n  -   name: a\n      newTag: "1"\nkind: K\n',
      becomes: 'images:\n  -   name: a\n      newTag: "1"\n  -   name: web\n      newTag: v2\nkind: K\n',
    },
    {
      it: 'adds behind an entry it extends',
      file: 'images:\n- name: db',
      set: [{ name: 'db', newTag: 'v1' }, ...web2],
      becomes: 'images:\n- name: db\n  newTag: v1\n- name: web\n  newTag: v2',
    },
    {
      it: 'adds sorted by name',
      file: 'kind: K\n',
      set: [
        { name: 'z', newTag: '1' },
        { name: 'a', newTag: '2' },
      ],
      becomes: 'kind: K\nimages:\n- name: a\n  newTag: "2"\n- name: z\n  newTag: "1"\n',
    },
    {
      it: 'lets the last of two settings win',
      file: 'kind: K\n',
      set: [{ name: 'web', newTag: 'v1' }, ...web2],
      becomes: 'kind: K\nimages:\n- name: web\n  newTag: v2\n',
    },
    {
      it: 'puts a digest in the place of the tag',
      file: 'images:\n- name: web\n  newTag: v1 # current\n',
      set: [{ name: 'web', digest: 'sha256:a' }],
      becomes: 'images:\n- name: web\n  digest: sha256:a # current\n',
    },
    {
      it: 'adds a digest to the tag',
      file: 'images:\n- name: web # n\n  newTag: v1 # t\n- name: db\n',
      set: [{ name: 'web', newTag: 'v2', digest: 'sha256:a' }],
      becomes: 'images:\n- name: web # n\n  newTag: v2 # t\n  digest: sha256:a\n- name: db\n',
    },
    {
      it: 'adds a new name in front of the tag',
      file: 'images:\n- name: web\n  newTag: v1\n',
      set: [{ name: 'web', newName: 'm/web', newTag: 'v2' }],
      becomes: 'images:\n- name: web\n  newName: m/web\n  newTag: v2\n',
    },
    {
      it: 'replaces the entry as a whole',
      file: 'images:\n- name: web\n  newName: m\n  newTag: v1\n  tagSuffix: -x\n',
      becomes: 'images:\n- name: web\n  newTag: v2\n',
    },
    {
      it: 'drops a field that shares the line with the dash',
      file: 'images:\n- digest: sha256:a\n  name: web\n  newTag: v1\n',
      becomes: 'images:\n- name: web\n  newTag: v2\n',
    },
    {
      it: 'keeps what * says',
      file: 'images:\n- name: web\n  newName: m\n  digest: sha256:a\n',
      set: [{ name: 'web', newName: '*', digest: '*' }],
      becomes: 'images:\n- name: web\n  newName: m\n  digest: sha256:a\n',
    },
    {
      it: 'takes * without an old value as nothing',
      file: 'kind: K\n',
      set: [{ name: 'web', newName: '*', newTag: 'v2' }],
      becomes: 'kind: K\nimages:\n- name: web\n  newTag: v2\n',
    },
    {
      it: 'fills an empty field',
      file: 'images:\n- name: web\n  newTag: # later\n',
      becomes: 'images:\n- name: web\n  newTag: v2 # later\n',
    },
    {
      it: 'changes what is there already not at all',
      file: 'images:\n- name: web\n  newTag:   v2\n',
      becomes: 'images:\n- name: web\n  newTag:   v2\n',
    },
    {
      it: 'leaves other documents alone',
      file: 'images:\n- name: web\n  newTag: v1\n---\nx: 1\n',
      becomes: 'images:\n- name: web\n  newTag: v2\n---\nx: 1\n',
    },
    {
      it: 'adds a list in front of another document',
      file: 'a: b\n---\nx: 1\n',
      becomes: 'a: b\nimages:\n- name: web\n  newTag: v2\n---\nx: 1\n',
    },
    {
      it: 'adds a list in front of the end of the document',
      file: 'a: b\n# c\n...\n',
      becomes: 'a: b\n# c\nimages:\n- name: web\n  newTag: v2\n...\n',
    },
    {
      it: 'leaves anchors elsewhere alone',
      file: 'commonLabels: &l\n  a: b\ncommonAnnotations: *l\n',
      becomes: 'commonLabels: &l\n  a: b\ncommonAnnotations: *l\nimages:\n- name: web\n  newTag: v2\n',
    },
    {
      it: 'indents with a document that is indented',
      file: '  a: b\n',
      becomes: '  a: b\n  images:\n  - name: web\n    newTag: v2\n',
    },
    {
      it: 'adds below a block text at the end',
      file: 'patches:\n- patch: |-\n    a: 1\n    b: 2\n',
      becomes: 'patches:\n- patch: |-\n    a: 1\n    b: 2\nimages:\n- name: web\n  newTag: v2\n',
    },
  ];
  for (const { it: title, file, set = web2, becomes } of cases) {
    it(title, () => {
      const once = setImages(file, set).text;
      assert.equal(once, becomes);
      assert.equal(setImages(once, set).text, becomes, 'a second time changes nothing');
    });
  }

  const tags = [
    '1.20',
    '007',
    '1e5',
    'true',
    'yes',
    'on',
    'null',
    '~',
    '1_000',
    '12:30',
    '2026-11-21',
    '',
    'v1',
    '0x1f',
    '-',
    'a: b',
    '#c',
    "it's",
  ];
  for (const tag of tags) {
    it(`writes the tag ${JSON.stringify(tag)} so that every reader sees text`, () => {
      for (const file of ['kind: K\n', 'images: []\n', 'images:\n- name: web\n  newTag: v1\n']) {
        const { text } = setImages(file, [{ name: 'web', newTag: tag }]);
        for (const version of ['1.1', '1.2'] as const) {
          const { images } = parse(text, { version }) as { readonly images: readonly ImageEntry[] };
          assert.equal(images[0]!.newTag, tag, text);
        }
      }
    });
  }

  it('tells what the entries became, sorted, without *', () => {
    const file = 'images:\n- name: web\n  newName: m\n';
    const set = [
      { name: 'web', newName: '*', newTag: 'v2' },
      { name: 'a', newTag: '*' },
    ];
    assert.deepEqual(setImages(file, set).images, [
      { name: 'a' },
      { name: 'web', newName: 'm', newTag: 'v2' },
    ]);
  });

  const refused: readonly (readonly [string, string, RegExp])[] = [
    ['no YAML', 'a: [\n', /^line \d+, column \d+: /],
    ['a key twice', 'a: 1\na: 2\n', /^line 2, column 1: a key stands here twice$/],
    ['an empty file', '# nothing\n', /^the kustomization is empty$/],
    ['a list', '- a\n', /^line 1, column 1: the kustomization is no map$/],
    ['images as a map', 'images:\n  web: v1\n', /^line 2, column 3: images is no list of its own$/],
    ['images behind an alias', 'x: &a []\nimages: *a\n', /^line 2, column 9: images is no list of its own$/],
    ['an entry that is text', 'images:\n- web\n', /^line 2, column 3: images\[0\] is no entry with a name$/],
    [
      'an entry without a name',
      'images:\n- newTag: v1\n',
      /^line 2, column 3: images\[0\] is no entry with a name$/,
    ],
    [
      'a tag that others refer to',
      'images:\n- name: web\n  newTag: &t v1\nx: *t\n',
      /without changing other parts/,
    ],
  ];
  for (const [title, file, message] of refused) {
    it(`refuses ${title}`, () => assert.throws(() => setImages(file, web2), { message }));
  }

  it('changes nothing but the images, in any layout', () => {
    const word = fc.stringMatching(/^[a-z]([a-z0-9./:-]{0,6}[a-z0-9])?$/);
    const entry = fc.record(
      { name: fc.constantFrom('web', 'db', 'api'), newName: word, newTag: word, digest: word },
      { requiredKeys: ['name'] },
    );
    const layout = fc.record({
      indent: fc.constantFrom('', '  ', '    '),
      gap: fc.constantFrom(' ', '   '),
      lineBreak: fc.constantFrom('\n', '\r\n'),
      comment: fc.constantFrom('', ' # why'),
      tail: fc.constantFrom('', 'namespace: x\n', '# end\n'),
      quote: fc.constantFrom('', '"', "'"),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(entry, { selector: ({ name }) => name, minLength: 1 }),
        fc.array(entry),
        layout,
        (old, set, how) => {
          const lines = old.map((fields) => {
            const parts = Object.entries(fields).map(
              ([key, value]) => `${key}: ${how.quote}${value}${how.quote}${how.comment}`,
            );
            return `${how.indent}-${how.gap}${parts.join(`\n${how.indent} ${how.gap.replaceAll(/./g, ' ')}`)}\n`;
          });
          const file = `a: 1 # one\nimages:\n${lines.join('')}${how.tail}`.replaceAll('\n', how.lineBreak);
          const { text } = setImages(file, set);
          assert.deepEqual((parse(text) as { a: number }).a, 1);
          assert.equal(text.includes('\r\n') && /[^\r]\n/.test(text), false);
          assert.equal(setImages(text, set).text, text);
        },
      ),
      { numRuns: 300 },
    );
  });
});

import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { assert as assertProperty, constantFrom, pre, property, string, stringMatching } from 'fast-check';
import { createScrubber } from '../../../src/activities/scrub.ts';

/** Ways in which others write down what they were given. */
const encodings: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  'in a URL': encodeURIComponent,
  'in a URL, small letters': (text) => encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase()),
  'in a URL, every character': (text) =>
    [...Buffer.from(text)]
      .map((byte) => (isPlain(byte) ? String.fromCharCode(byte) : `%${hex(byte)}`))
      .join(''),
  'in a URL, as a whole': encodeURI,
  'in a URL, twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  'in a form': (text) => new URLSearchParams({ x: text }).toString().slice(2),
  'in JSON': (text) => JSON.stringify(text).slice(1, -1),
  'in JSON of ASCII': (text) => toAscii(JSON.stringify(text)).slice(1, -1),
  'in JSON for HTML': (text) =>
    JSON.stringify(text)
      .slice(1, -1)
      .replace(/[<>&'+/]/g, (char) => `\\u00${hex(char.charCodeAt(0))}`),
  'in JSON, slashes escaped': (text) => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/'),
  'in JSON within JSON': (text) => JSON.stringify(JSON.stringify(text)).slice(3, -3),
  'in HTML': (text) => text.replace(/[&<>"']/g, (char) => entities[char]!),
  'in a shell': (text) => text.replaceAll("'", "'\\''"),
  base64: (text) => Buffer.from(text).toString('base64'),
  'base64 for URLs': (text) => Buffer.from(text).toString('base64url'),
  'base64 in a URL': (text) => encodeURIComponent(Buffer.from(text).toString('base64')),
  'base64 after one byte': (text) => Buffer.from(`u${text}@host`).toString('base64').slice(2),
  'base64 after two bytes': (text) => Buffer.from(`us${text}@host`).toString('base64').slice(3),
};

describe('secrets in every spelling', () => {
  for (const [name, encode] of Object.entries(encodings)) {
    it(`are found ${name}`, () => {
      assertProperty(
        property(secrets, around, around, (secret, before, after) => {
          const scrubber = createScrubber();
          scrubber.add(secret);
          const form = encode(secret);
          const text = `${before} ${form} ${after}`;
          assert.match(scrubber.text(text), /^[^*]* [^*]{0,2}\*\*\*[^*]{0,10} [^*]*$/, form);
          // A few characters at the borders of base64 belong to the neighbours.
          if (!name.startsWith('base64 after')) assert.equal(scrubber.text(text), `${before} *** ${after}`);
        }),
        { numRuns: 100 },
      );
    });
  }

  it('are found in any mixture of spellings', () => {
    assertProperty(
      property(
        secrets,
        string({ minLength: 40, maxLength: 40, unit: constantFrom('p', 'u', 'U', 'j') }),
        (secret, choices) => {
          const form = Array.from(secret, (char, at) => spellings[choices[at % 40]!]!(char)).join('');
          const scrubber = createScrubber();
          scrubber.add(secret);
          assert.equal(scrubber.text(`<${form}>`), '<***>');
        },
      ),
      { numRuns: 200 },
    );
  });

  it('leave all other text as it is', () => {
    assertProperty(
      property(secrets, string({ unit: 'binary' }), (secret, text) => {
        pre(!text.includes(secret));
        const scrubber = createScrubber();
        scrubber.add(secret);
        assert.equal(scrubber.text(text), text);
      }),
      { numRuns: 100 },
    );
  });

  it('are found however long, strange or many-lined they are', () => {
    const long = Array.from({ length: 3000 }, (_, at) =>
      String.fromCodePoint(0x100 + ((at * 7919) % 20_000)),
    ).join('');
    const key = Array.from({ length: 60 }, (_, at) =>
      Buffer.from(`line ${at} of a key`.repeat(3)).toString('base64'),
    );
    for (const secret of [
      long,
      key.join('\n'),
      key.join(''),
      '!@#$%^&*(){}',
      '\\\\"\\"\\',
      'a\u0000b\u0001cd',
    ]) {
      const scrubber = createScrubber();
      scrubber.add(secret);
      for (const encode of [encodings['plain']!, encodings['in JSON']!, encodings['in a form']!]) {
        const clean = scrubber.text(`x ${encode(secret)} y`);
        assert.ok(
          /^x (\*\*\*(\\n|%0A|\n)?)+ y$/.test(clean),
          `${clean.slice(0, 200)} of ${encode(secret).slice(0, 50)}`,
        );
      }
    }
  });

  it('take no time that a hostile text could stretch', () => {
    const scrubber = createScrubber();
    for (const secret of ['\\\\"\\"\\abc', 'aaaaaaaaaaaaaaaaaaab', '%25%25%25%25abcd', "''''''''ab"])
      scrubber.add(secret);
    for (const text of ['\\', 'a', '%25', "'"]) scrubber.text(text.repeat(50_000));
  }).timeout(30_000);
});

const secrets = stringMatching(/^[!-~é🚀][ -~é🚀]{4,30}[!-~é🚀]$/u).filter(
  (text) => /[A-Za-z0-9]{4}/.test(text) && !text.includes('***'),
);
const around = stringMatching(/^[ ,;:#-]{0,20}$/);

const spellings: Readonly<Record<string, (char: string) => string>> = {
  p: (char) => char,
  u: (char) => (/[A-Za-z0-9]/.test(char) ? char : encodeURIComponent(char).toLowerCase()),
  U: (char) => (/[A-Za-z0-9]/.test(char) ? char : encodeURIComponent(char)),
  j: (char) => toAscii(JSON.stringify(char)).slice(1, -1),
};

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function toAscii(text: string): string {
  return text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function isPlain(byte: number): boolean {
  return /[A-Za-z0-9]/.test(String.fromCharCode(byte));
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

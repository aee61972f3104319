import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { assert as assertProperty, pre, property, string } from 'fast-check';
import { createScrubber } from '../../src/activities/scrub.ts';

const secret = 'p@ss/w"ord+<é>';

describe('scrubber', () => {
  const forms: Readonly<Record<string, string>> = {
    raw: secret,
    'in a URL': encodeURIComponent(secret),
    'in a URL, small letters': encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
    'in JSON': JSON.stringify({ secret }).slice(11, -2),
    base64: Buffer.from(secret).toString('base64'),
    'base64 for URLs': Buffer.from(secret).toString('base64url'),
  };
  for (const [name, form] of Object.entries(forms)) {
    it(`takes out a secret ${name}`, () => {
      const scrubber = createScrubber();
      scrubber.add(secret);
      assert.equal(scrubber.text(`before ${form} after`), 'before *** after');
    });
  }

  for (const prefix of ['', 'u', 'us', 'use', 'user:']) {
    it(`takes out a secret in the base64 of "${prefix}…"`, () => {
      const scrubber = createScrubber();
      scrubber.add(secret);
      const text = Buffer.from(`${prefix}${secret}@host`).toString('base64');
      assert.match(scrubber.text(text), /\*\*\*/);
      assert.ok(!Buffer.from(scrubber.text(text).split('***')[0]!, 'base64').toString().includes('ss'));
    });
  }

  it('knows every line of a key, and nothing short', () => {
    const scrubber = createScrubber();
    scrubber.add('-----BEGIN KEY-----\r\nabcdefgh\nij\n-----END KEY-----\n');
    assert.equal(scrubber.text('x abcdefgh y ij'), 'x *** y ij');
    assert.equal(scrubber.text('-----BEGIN KEY-----\r\nabcdefgh\nij\n-----END KEY-----'), '***');
  });

  it('prefers the longest of overlapping secrets', () => {
    const scrubber = createScrubber();
    scrubber.add('secret');
    scrubber.add('secret-and-more');
    assert.equal(scrubber.text('secret-and-more'), '***');
  });

  it('cleans values at every depth, keys too, and leaves the rest as it is', () => {
    const scrubber = createScrubber();
    const value = { a: ['sesame-open', 1, null], 'sesame-open': { b: 'x sesame-open' } };
    assert.equal(scrubber.json(value), value);
    scrubber.add('sesame-open');
    assert.deepEqual(scrubber.json(value), { a: ['***', 1, null], '***': { b: 'x ***' } });
  });

  it('tells its parent, and learns nothing from it', () => {
    const log = createScrubber();
    const one = createScrubber(log);
    const other = createScrubber(log);
    one.add('only-mine');
    assert.equal(log.text('only-mine'), '***');
    assert.equal(other.text('only-mine'), 'only-mine');
  });

  it('never lets a secret through, whatever it is made of', () => {
    assertProperty(
      property(string({ minLength: 6, unit: 'binary' }), string({ unit: 'binary' }), (any, around) => {
        pre(any.trim().length >= 6 && !around.includes(any.trim()));
        const scrubber = createScrubber();
        scrubber.add(any);
        assert.ok(!scrubber.text(`${around}${any}${around}`).includes(any.trim()));
      }),
      { numRuns: 30 },
    );
  });
});

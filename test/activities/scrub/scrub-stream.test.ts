import assert from 'node:assert/strict';
import { array, assert as assertProperty, constantFrom, nat, property } from 'fast-check';
import { createScrubber } from '../../../src/activities/scrub.ts';

const secret = 'tok-"é/9z8y7x';

describe('scrubbing of text that arrives in pieces', () => {
  const send = (pieces: readonly string[]) => {
    const scrubber = createScrubber();
    scrubber.add(secret);
    const stream = scrubber.stream();
    return [...pieces.map((piece) => stream.write(piece)), stream.end()];
  };

  it('is the same wherever the borders are', () => {
    const parts = constantFrom(
      'a line\n',
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret),
      'tok-',
      '\n',
    );
    assertProperty(
      property(array(parts, { maxLength: 12 }), array(nat(15), { minLength: 1 }), (texts, sizes) => {
        const text = texts.join('');
        const scrubber = createScrubber();
        scrubber.add(secret);
        assert.equal(send(cut(text, sizes)).join(''), scrubber.text(text));
      }),
    );
  });

  it('lets whole lines go at once, and the last one at the end', () => {
    assert.deepEqual(send(['one\ntw', 'o\n', secret.slice(0, 5), `${secret.slice(5)}x`]), [
      'one\n',
      'two\n',
      '',
      '',
      '***x',
    ]);
  });

  it('holds no endless line back, and no half of a secret in it', () => {
    for (let shift = 0; shift < 40; shift += 1) {
      const pieces = send([
        `${'.'.repeat(70_000 + shift)}${secret}`,
        '.'.repeat(70_000),
        secret,
        '.'.repeat(10),
      ]);
      assert.ok(pieces[0]!.length > 60_000);
      assert.equal(
        pieces.join(''),
        `${'.'.repeat(70_000 + shift)}***${'.'.repeat(70_000)}***${'.'.repeat(10)}`,
      );
    }
  });
});

function cut(text: string, sizes: readonly number[]): readonly string[] {
  const pieces: string[] = [];
  for (let at = 0, turn = 0; at < text.length; turn += 1) {
    const size = sizes[turn % sizes.length]! + 1;
    pieces.push(text.slice(at, at + size));
    at += size;
  }
  return pieces;
}

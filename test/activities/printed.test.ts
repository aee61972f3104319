import assert from 'node:assert/strict';
import { createPrinted } from '../../src/activities/printed.ts';
import { createScrubber } from '../../src/activities/scrub.ts';

describe('what a step prints', () => {
  const open = () => {
    const lines: string[] = [];
    const scrubber = createScrubber();
    const note = (line: string) => void lines.push(line);
    return { lines, scrubber, printed: createPrinted({ info: note, warn: note }, scrubber) };
  };

  it('goes to the log line by line, wherever it was cut', () => {
    const { lines, printed } = open();
    for (const piece of ['on', 'e\n\ntw', 'o\nthree']) printed.write(piece);
    assert.equal(printed.tail(), 'one\n\ntwo\nthree');
    assert.deepEqual(lines, ['one', 'two', 'three']);
  });

  it('holds no secret, also where a piece ends inside of one', () => {
    const { lines, scrubber, printed } = open();
    scrubber.add('pass-word-1');
    printed.write('token: pass-');
    printed.write('word-1\n');
    assert.equal(printed.tail(), 'token: ***\n');
    assert.deepEqual(lines, ['token: ***']);
  });

  it('is kept to 16 KiB of whole characters, and logged to a bound', () => {
    const { lines, printed } = open();
    for (let line = 0; line < 3000; line++) printed.write(`${'🚀'.repeat(250)}\n`);
    const tail = printed.tail()!;
    assert.ok(Buffer.byteLength(tail) <= 16 * 1024 && Buffer.byteLength(tail) > 16 * 1024 - 4);
    assert.doesNotMatch(tail, /\uFFFD|\p{Surrogate}/u);
    assert.ok(lines.join('').length < 1.1 * 1024 * 1024);
    assert.match(lines.at(-1)!, /prints more than is logged/);
  });

  it('is nothing when nothing was printed', () => assert.equal(open().printed.tail(), undefined));
});

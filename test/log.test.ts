import assert from 'node:assert/strict';
import { createScrubber } from '../src/activities/scrub.ts';
import { createLog, type LogOptions } from '../src/log.ts';

describe('log', () => {
  it('writes one JSON object a line', () => {
    const { log, lines } = record({ level: 'info', format: 'json' });
    log.child({ step: 'push' }).warn('Slow', { attempt: 2 });
    const { time, ...line } = JSON.parse(lines[0]!) as Record<string, unknown>;
    assert.deepEqual(line, { level: 'warn', step: 'push', attempt: 2, message: 'Slow' });
    assert.match(String(time), /^\d{4}-\d\d-\d\dT/);
    assert.ok(lines[0]!.endsWith('}\n'));
  });

  it('writes text for people', () => {
    const { log, lines } = record({ level: 'info', format: 'text' });
    log.child({ step: 'push' }).warn('Slow', { reason: 'a "b"', attempt: 2 });
    assert.match(
      lines[0]!,
      /^\d\d:\d\d:\d\d warn {2}Slow {2}step=push {2}reason="a \\"b\\"" {2}attempt=2\n$/,
    );
  });

  it('keeps an event on one line, whatever is in it', () => {
    const { log, lines } = record({ level: 'info', format: 'text' });
    log.info('two\nlines \u001b[31m', { reason: 'of\nmany' });
    assert.match(lines[0]!, /info {2}two\\nlines \\u001b\[31m {2}reason="of\\nmany"\n$/);
  });

  it('leaves out what is below its level', () => {
    const { log, lines } = record({ level: 'warn', format: 'text' });
    log.debug('no');
    log.info('no');
    log.error('yes');
    assert.equal(lines.length, 1);
  });

  for (const format of ['json', 'text'] as const) {
    it(`takes secrets out of ${format} lines, wherever they are`, () => {
      const scrubber = createScrubber();
      const secret = 'line "one"\nline-two-of-it';
      scrubber.add(secret);
      const { log, lines } = record({ level: 'info', format, scrub: (line) => scrubber.text(line) });
      log
        .child({ a: { deep: [secret] } })
        .info(`pushed with ${secret}`, { error: new Error(secret).message });
      assert.equal(lines.length, 1);
      for (const part of ['line-two-of-it', 'line \\"one']) assert.ok(!lines[0]!.includes(part), lines[0]);
    });
  }
});

function record(options: LogOptions) {
  const lines: string[] = [];
  return { lines, log: createLog({ ...options, write: (line) => void lines.push(line) }) };
}

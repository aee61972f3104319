import type { StepLog } from './define-step.ts';
import type { Scrubber } from './scrub.ts';

/** What the programs of a step print: goes to the log line by line, and the end of it into the step's record. */
export interface Printed {
  /** Takes the next piece, wherever it was cut. */
  write(text: string): void;
  /** The end of everything so far, without secrets, at most 16 KiB in UTF-8; undefined when nothing was printed. */
  tail(): string | undefined;
}

/** An empty one. */
export function createPrinted(log: StepLog, scrubber: Scrubber): Printed {
  const stream = scrubber.stream();
  let kept = '';
  let logged = 0;
  const keep = (clean: string) => {
    kept = (kept + clean).slice(-keptUnits);
    for (const line of clean.split('\n')) if (line.trim()) tell(line);
  };
  const tell = (line: string) => {
    if (logged > mostLogged) return;
    logged += line.length;
    log.info(line.slice(0, longestLogged), { printed: true });
    if (logged > mostLogged) log.warn('It prints more than is logged: the rest is left out');
  };
  return {
    write: (text) => keep(stream.write(text)),
    tail() {
      keep(stream.end());
      return kept ? lastBytes(kept, maximumTail) : undefined;
    },
  };
}

/** The end of a text, begun at a whole character. */
function lastBytes(text: string, maximum: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maximum) return text;
  let start = bytes.length - maximum;
  while ((bytes[start]! & 0xc0) === 0x80) start++;
  return bytes.toString('utf8', start);
}

const maximumTail = 16 * 1024;
const keptUnits = 2 * maximumTail;
/** UTF-16 units. */
const longestLogged = 4096;
const mostLogged = 1024 * 1024;

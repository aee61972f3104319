import type { Terminal } from './terminal.ts';

/** A line that says what is going on now. */
export interface Progress {
  readonly update: (text: string) => void;
  /** Takes the line away, where that is possible. */
  readonly clear: () => void;
}

/** On a terminal one line that is written over; in a pipe a new line now and then, so that no log stays silent. */
export function createProgress({ err }: Pick<Terminal, 'err'>, pause = 5000): Progress {
  const { show } = err;
  if (show) return { update: (text) => show([text.split('\n')[0]!]), clear: () => show([]) };
  let last = { text: '', at: 0 };
  return {
    update(text) {
      const now = Date.now();
      if (text === last.text || now - last.at < pause) return;
      last = { text, at: now };
      err.write(`${text}\n`);
    },
    clear() {},
  };
}

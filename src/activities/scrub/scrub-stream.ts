import type { Span } from './secret-finder.ts';

/** Takes secrets out of text that arrives in pieces, wherever the borders between the pieces are. */
export interface ScrubStream {
  /** What of the text so far may leave: all but the last line, which may end in half a secret. */
  write(piece: string): string;
  /** The rest. */
  end(): string;
}

/** How the texts of a stream are cleaned. */
export interface StreamScrubber {
  readonly text: (text: string) => string;
  /** From where to where secrets stand in a text. */
  readonly spans: (text: string) => readonly Span[];
  /** UTF-16 units that the longest form of a secret may take. */
  readonly reach: () => number;
}

/** A stream over what the scrubber knows at each moment. A line without an end is held back to a bound only. */
export function createScrubStream({ text, spans, reach }: StreamScrubber): ScrubStream {
  let held = '';
  const release = (end: number): string => {
    const free = held.slice(0, end);
    held = held.slice(end);
    return text(free);
  };
  return {
    write(piece) {
      held += piece;
      const line = held.lastIndexOf('\n') + 1;
      if (line > 0) return release(line);
      if (held.length <= longestLine) return '';
      const end = Math.max(held.length - reach(), 0);
      const across = spans(held).filter(([from, to]) => from < end && to > end);
      return release(Math.min(end, ...across.map(([from]) => from)));
    },
    end: () => release(held.length),
  };
}

/** UTF-16 units. */
const longestLine = 64 * 1024;

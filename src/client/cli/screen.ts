import { clip, widthOf } from '../present/width.ts';
import type { Output } from './terminal.ts';

/** A terminal as Node gives it. */
export interface TerminalStream extends Output {
  readonly columns?: number;
  readonly rows?: number;
}

/** An output with lines at its bottom that change; whatever is written goes above them. */
export interface Screen extends Output {
  /** Columns and rows to draw for; they change with the window. */
  readonly size: { readonly columns: number; readonly rows: number };
  /** Replaces the lines at the bottom; none takes them away. Lines that do not fit are cut. */
  show(lines: readonly string[]): void;
}

/** Makes a terminal a screen. Everything else that writes to the terminal must do it through the screen. */
export function createScreen(stream: TerminalStream): Screen {
  let shown: readonly string[] = [];
  const sizeOf = () => ({ columns: stream.columns || 80, rows: stream.rows || 24 });
  return {
    isTTY: true,
    get size() {
      return sizeOf();
    },
    write(text) {
      if (text === '') return;
      const end = shown.length > 0 && !text.endsWith('\n') ? '\n' : '';
      stream.write(`${erase(shown, sizeOf().columns)}${text}${end}${draw(shown)}`);
    },
    show(lines) {
      const { columns, rows } = sizeOf();
      // A line as wide as the window would wrap on some terminals; what scrolled out at the top cannot be written over.
      const next = lines.slice(-(rows - 1)).map((line) => clip(line.replaceAll('\n', ' '), columns - 1));
      if (next.join('\n') === shown.join('\n')) return;
      stream.write(erase(shown, columns) + draw(next));
      shown = next;
    },
  };
}

function draw(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** Back to the first line and clean from there. A window that became narrower has wrapped the lines meanwhile. */
function erase(lines: readonly string[], columns: number): string {
  const height = lines.reduce((rows, line) => rows + Math.max(1, Math.ceil(widthOf(line) / columns)), 0);
  return height === 0 ? '' : `\r\u001b[${height}A\u001b[J`;
}

import { widthOf } from '../../src/client/present/width.ts';

/** A terminal in memory: what it shows after everything that was written, wrapped and scrolled as real ones do. */
export class EmulatedTerminal {
  readonly isTTY = true;
  columns: number;
  rows: number;
  /** Logical lines, from the first one ever written; the cursor counts in rows from the end. */
  #lines: string[] = [''];
  #row = 0;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
  }

  write(text: string): void {
    for (const [, codes, character] of text.matchAll(/\u001b\[([0-9;]*[A-Za-z])|([\s\S])/gu)) {
      if (codes?.endsWith('A')) this.#up(Number(codes.slice(0, -1) || 1));
      else if (codes === 'J') this.#lines.length = this.#row + 1;
      else if (codes?.endsWith('m')) continue;
      else if (codes) throw new Error(`the emulator knows no ${codes}`);
      else this.#put(character!);
    }
  }

  /** What can be seen, the scrolled part included, without the empty line of the cursor. */
  get text(): string {
    return this.#lines.join('\n').replace(/\n$/, '');
  }

  #put(character: string): void {
    if (character === '\r') return;
    if (character !== '\n') {
      this.#lines[this.#row] += character;
      return;
    }
    this.#row += 1;
    if (this.#row === this.#lines.length) this.#lines.push('');
    else this.#lines[this.#row] = '';
  }

  /** The cursor is at the beginning of a line; each line above takes as many rows as its width needs. */
  #up(count: number): void {
    const most = this.rows - 1;
    for (let left = Math.min(count, most); left > 0;) {
      this.#row -= 1;
      if (this.#row < 0) throw new Error('moved above the first line');
      left -= Math.max(1, Math.ceil(widthOf(this.#lines[this.#row]!) / this.columns));
      if (left < 0) throw new Error('moved into the middle of a line');
    }
    this.#lines[this.#row] = '';
  }
}

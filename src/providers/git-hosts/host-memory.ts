import type { HostAnswer } from './host-request.ts';

/** An answer that the host may confirm instead of sending it again. */
export interface KeptAnswer {
  readonly tag: string;
  readonly answer: HostAnswer;
  /** Characters of its body. */
  readonly size: number;
}

/** What one process keeps of the answers of hosts: the newest ones, 32 Mi characters and 2,000 answers at most. */
export class HostMemory {
  readonly #answers = new Map<string, KeptAnswer>();
  #size = 0;

  /** By address and who asked. */
  find(key: string): KeptAnswer | undefined {
    const found = this.#answers.get(key);
    if (found) {
      this.#answers.delete(key);
      this.#answers.set(key, found);
    }
    return found;
  }

  keep(key: string, kept: KeptAnswer): void {
    this.#drop(key);
    if (kept.size > maximumSize / 4) return;
    this.#answers.set(key, kept);
    this.#size += kept.size;
    for (const oldest of this.#answers.keys()) {
      if (this.#size <= maximumSize && this.#answers.size <= maximumCount) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#size -= this.#answers.get(key)?.size ?? 0;
    this.#answers.delete(key);
  }
}

const maximumSize = 32 * 1024 * 1024;
const maximumCount = 2_000;

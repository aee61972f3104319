/** Counts who has a folder of this worker on loan, and makes claims wait while all are out. */
export class Leases {
  readonly capacity: number;
  readonly #held = new Set<string>();
  readonly #waiting: (() => void)[] = [];
  #reserved = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** Folders on loan. */
  get count(): number {
    return this.#held.size;
  }

  has(key: string): boolean {
    return this.#held.has(key);
  }

  take(key: string): void {
    this.#held.add(key);
  }

  giveBack(key: string): void {
    this.#held.delete(key);
    this.#wake();
  }

  /** Resolves once there is room for one more lease, and keeps that room until `unreserve`. Rejects with the signal's reason. */
  async reserve(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    while (!this.#hasRoom()) await this.#turn(signal);
    this.#reserved += 1;
  }

  unreserve(): void {
    this.#reserved -= 1;
    this.#wake();
  }

  #hasRoom(): boolean {
    return this.#held.size + this.#reserved < this.capacity;
  }

  #wake(): void {
    if (this.#hasRoom()) this.#waiting.shift()?.();
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const wake = () => {
        signal.removeEventListener('abort', stop);
        resolve();
      };
      const stop = () => {
        this.#waiting.splice(this.#waiting.indexOf(wake), 1);
        reject(signal.reason as Error);
      };
      this.#waiting.push(wake);
      signal.addEventListener('abort', stop, { once: true });
    });
  }
}

/** Counts who has a folder of this worker on loan, and makes claims wait while all are out. */
export class Leases {
  readonly capacity: number;
  readonly #held = new Set<string>();
  readonly #waiting: (() => void)[] = [];
  readonly #mostAhead: number;
  #ahead = 0;
  #taking = 0;
  #isClosed = false;

  /** `mostAhead`: reservations at a time, for claims that may come; what is beyond them is there for `tryTake`. */
  constructor(capacity: number, mostAhead = Math.min(2, Math.ceil(capacity / 2))) {
    this.capacity = capacity;
    this.#mostAhead = mostAhead;
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
    while (!this.#mayReserve()) await this.#turn(signal);
    this.#ahead += 1;
  }

  unreserve(): void {
    this.#ahead -= 1;
    this.#wake();
  }

  /** Keeps room for one more lease while `take` runs. Undefined, at once, when there is none or after `close`. */
  async tryTake<T>(take: () => Promise<T>): Promise<T | undefined> {
    if (this.#isClosed || !this.#hasRoom()) return undefined;
    this.#taking += 1;
    try {
      return await take();
    } finally {
      this.#taking -= 1;
      this.#wake();
    }
  }

  /** Those who have a folder keep it; `tryTake` has no room for others any more. */
  close(): void {
    this.#isClosed = true;
  }

  #hasRoom(): boolean {
    return this.#held.size + this.#ahead + this.#taking < this.capacity;
  }

  #mayReserve(): boolean {
    return this.#ahead < this.#mostAhead && this.#hasRoom();
  }

  #wake(): void {
    if (this.#mayReserve()) this.#waiting.shift()?.();
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

import type { HostedRepository, PullRequest } from './git-host.ts';

/** Looks at pull requests, shared by all who wait in this process. */
export interface SharedLooks {
  /** The pull request as it is now, or was a moment ago; undefined when there is none of that number. */
  look(repository: HostedRepository, number: number, look: Look): Promise<PullRequest | undefined>;
}

export interface Look {
  /** Whose credentials the repository was opened with: what one may see another may not. */
  readonly owner: string;
  /** Somebody says that it changed: nothing that was read before this moment will do. */
  readonly isFresh: boolean;
  /** Milliseconds to the next look: what was read within a part of it will do. */
  readonly interval: number;
  readonly signal: AbortSignal;
}

/**
 * Makes many looks few requests: where many wait in a repository one listing of its open pull requests answers them
 * all, at most about twelve requests an interval however many they are; a request that is not in it is read by itself.
 */
export function createSharedLooks(now: () => number = Date.now): SharedLooks {
  const shelves = new Map<string, Shelf>();
  return {
    look(repository, number, look) {
      const key = JSON.stringify([look.owner, repository.kind, repository.name]);
      for (const [name, shelf] of shelves) if (now() - shelf.usedAt > forgotten) shelves.delete(name);
      const shelf = shelves.get(key) ?? new Shelf(now);
      shelves.set(key, shelf);
      return shelf.look(repository, number, look);
    },
  };
}

interface Listing {
  readonly startedAt: number;
  readonly open: ReadonlyMap<number, PullRequest>;
}

/** What is known of one repository. */
class Shelf {
  usedAt = 0;
  readonly #now: () => number;
  /** When each was looked at last, in turn. */
  readonly #waiting = new Map<number, number>();
  readonly #read = new Map<number, { readonly startedAt: number; readonly found: PullRequest | undefined }>();
  #reading = 0;
  #listing: Listing | undefined;
  #underWay:
    | { readonly startedAt: number; readonly signal: AbortSignal; readonly listing: Promise<Listing> }
    | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  async look(repository: HostedRepository, number: number, look: Look): Promise<PullRequest | undefined> {
    const now = (this.usedAt = this.#now());
    const interval = Math.max(look.interval, now - (this.#waiting.get(number) ?? now));
    this.#note(number, now, interval);
    if (look.isFresh && this.#reading < mostReads) return this.#readOne(repository, number);
    const since = look.isFresh ? now : now - this.#ageAllowed(look.interval, interval);
    const known = this.#find(number, since);
    if (known) return known;
    if (!look.isFresh && this.#waiting.size <= Math.max(fewWaiting, this.#pages())) {
      return this.#readOne(repository, number);
    }
    const { open } = await this.#list(repository, since, look.signal);
    return open.get(number) ?? this.#readOne(repository, number);
  }

  #note(number: number, now: number, interval: number): void {
    this.#waiting.delete(number);
    this.#waiting.set(number, now);
    for (const [other, at] of this.#waiting) {
      if (now - at <= 2 * interval) break;
      this.#waiting.delete(other);
      this.#read.delete(other);
    }
  }

  #find(number: number, since: number): PullRequest | undefined {
    const read = this.#read.get(number);
    if (read && read.startedAt >= since) return read.found;
    return this.#listing && this.#listing.startedAt >= since ? this.#listing.open.get(number) : undefined;
  }

  /** Requests that a listing takes, at least. */
  #pages(): number {
    return Math.ceil((this.#listing?.open.size ?? 0) / smallestPage);
  }

  #ageAllowed(wanted: number, interval: number): number {
    const shared = Math.min(interval, (interval * this.#pages()) / requestsPerInterval);
    return Math.max(shortestAge, shortestInterval - wanted, shared);
  }

  async #readOne(repository: HostedRepository, number: number): Promise<PullRequest | undefined> {
    const startedAt = this.#now();
    this.#reading += 1;
    try {
      const found = await repository.readPullRequest(number);
      this.#read.set(number, { startedAt, found });
      return found;
    } finally {
      this.#reading -= 1;
    }
  }

  /** A listing that was begun since then: one that is there, one under way, or a new one. */
  async #list(repository: HostedRepository, since: number, signal: AbortSignal): Promise<Listing> {
    for (;;) {
      signal.throwIfAborted();
      if (this.#listing && this.#listing.startedAt >= since) return this.#listing;
      const underWay = this.#underWay;
      if (!underWay) return this.#begin(repository, signal);
      const listing = await underWay.listing.catch((error: unknown) => {
        // Whoever asked may have been told to stop: that is nobody else's end.
        if (underWay.startedAt < since || underWay.signal.aborted) return undefined;
        throw error;
      });
      if (listing && listing.startedAt >= since) return listing;
    }
  }

  async #begin(repository: HostedRepository, signal: AbortSignal): Promise<Listing> {
    const startedAt = this.#now();
    const listing = repository.listOpenPullRequests().then((found) => ({
      startedAt,
      open: new Map(found.map((one) => [one.number, one])),
    }));
    const underWay = { startedAt, signal, listing };
    this.#underWay = underWay;
    try {
      this.#listing = await listing;
      return this.#listing;
    } finally {
      if (this.#underWay === underWay) this.#underWay = undefined;
    }
  }
}

/** Milliseconds. */
const shortestAge = 5000;
/** Whoever looks more often is told what is known. */
const shortestInterval = 10_000;
const forgotten = 3 * 3_600_000;

const requestsPerInterval = 12;
/** Of all hosts: what a page holds at most. */
const smallestPage = 50;
/** So few are read one by one. */
const fewWaiting = 3;
const mostReads = 4;

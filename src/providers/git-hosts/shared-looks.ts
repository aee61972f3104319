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

/** When something was begun: in milliseconds, and counted, since much may begin within one. */
interface Begin {
  readonly at: number;
  readonly turn: number;
}

interface Listing extends Begin {
  readonly open: ReadonlyMap<number, PullRequest>;
}

/** What is known of one repository. */
class Shelf {
  usedAt = 0;
  readonly #now: () => number;
  /** When each was looked at last, in turn. */
  readonly #waiting = new Map<number, number>();
  readonly #read = new Map<number, Begin & { readonly found: PullRequest | undefined }>();
  #turns = 0;
  #reading = 0;
  #listing: Listing | undefined;
  #underWay: (Begin & { readonly signal: AbortSignal; readonly listing: Promise<Listing> }) | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  async look(repository: HostedRepository, number: number, look: Look): Promise<PullRequest | undefined> {
    const now = (this.usedAt = this.#now());
    const interval = Math.max(look.interval, now - (this.#waiting.get(number) ?? now));
    this.#note(number, now);
    const found = await this.#find(repository, number, { ...look, interval, wanted: look.interval });
    if (found?.state !== 'open') this.#forget(number);
    return found;
  }

  async #find(
    repository: HostedRepository,
    number: number,
    { isFresh, interval, wanted, signal }: Look & { readonly wanted: number },
  ): Promise<PullRequest | undefined> {
    if (isFresh && this.#reading < mostReads) return this.#readOne(repository, number);
    const now = this.#begin();
    const since = isFresh ? now : { at: now.at - this.#ageAllowed(wanted, interval), turn: 0 };
    const known = this.#findKnown(number, since);
    if (known) return known;
    if (!isFresh && this.#waiting.size <= Math.max(fewWaiting, this.#pages())) {
      return this.#readOne(repository, number);
    }
    const { open } = await this.#list(repository, since, signal);
    return open.get(number) ?? this.#readOne(repository, number);
  }

  #begin(): Begin {
    return { at: this.#now(), turn: (this.#turns += 1) };
  }

  #note(number: number, now: number): void {
    this.#waiting.delete(number);
    this.#waiting.set(number, now);
    for (const [other, at] of this.#waiting) {
      if (now - at <= forgotten) break;
      this.#forget(other);
    }
  }

  #forget(number: number): void {
    this.#waiting.delete(number);
    this.#read.delete(number);
  }

  #findKnown(number: number, since: Begin): PullRequest | undefined {
    const read = this.#read.get(number);
    if (read && isSince(read, since)) return read.found;
    return this.#listing && isSince(this.#listing, since) ? this.#listing.open.get(number) : undefined;
  }

  /** Requests that a listing takes, at most. */
  #pages(): number {
    return Math.max(1, Math.ceil((this.#listing?.open.size ?? 0) / smallestPage));
  }

  /** Milliseconds. */
  #ageAllowed(wanted: number, interval: number): number {
    const listings = Math.max(1, Math.floor(requestsPerInterval / this.#pages()));
    return Math.max(shortestAge, shortestInterval - wanted, interval / listings);
  }

  async #readOne(repository: HostedRepository, number: number): Promise<PullRequest | undefined> {
    const begin = this.#begin();
    this.#reading += 1;
    try {
      const found = await repository.readPullRequest(number);
      this.#read.set(number, { ...begin, found });
      return found;
    } finally {
      this.#reading -= 1;
    }
  }

  /** A listing that was begun since then: one that is there, one under way, or a new one. */
  async #list(repository: HostedRepository, since: Begin, signal: AbortSignal): Promise<Listing> {
    for (;;) {
      signal.throwIfAborted();
      if (this.#listing && isSince(this.#listing, since)) return this.#listing;
      const underWay = this.#underWay;
      if (!underWay) return this.#beginList(repository, signal);
      const listing = await underWay.listing.catch((error: unknown) => {
        // Whoever asked may have been told to stop: that is nobody else's end.
        if (!isSince(underWay, since) || underWay.signal.aborted) return undefined;
        throw error;
      });
      if (listing && isSince(listing, since)) return listing;
    }
  }

  async #beginList(repository: HostedRepository, signal: AbortSignal): Promise<Listing> {
    const begin = this.#begin();
    const listing = repository.listOpenPullRequests().then((found) => ({
      ...begin,
      open: new Map(found.map((one) => [one.number, one])),
    }));
    const underWay = { ...begin, signal, listing };
    this.#underWay = underWay;
    try {
      this.#listing = await listing;
      return this.#listing;
    } finally {
      if (this.#underWay === underWay) this.#underWay = undefined;
    }
  }
}

function isSince(begin: Begin, since: Begin): boolean {
  return begin.at >= since.at && begin.turn > since.turn;
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

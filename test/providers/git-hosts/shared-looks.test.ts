import assert from 'node:assert/strict';
import type { HostedRepository, PullRequest } from '../../../src/providers/git-hosts/git-host.ts';
import { createSharedLooks, type SharedLooks } from '../../../src/providers/git-hosts/shared-looks.ts';

describe('shared looks at pull requests', () => {
  let now: number;
  let host: CountingHost;
  let looks: SharedLooks;

  beforeEach(() => {
    now = 1_000_000;
    host = new CountingHost();
    looks = createSharedLooks(() => now);
  });

  const look = (number: number, more: { isFresh?: boolean; interval?: number; owner?: string } = {}) =>
    looks.look(host as unknown as HostedRepository, number, {
      owner: 'demo',
      isFresh: false,
      interval: 30_000,
      signal: new AbortController().signal,
      ...more,
    });

  for (const pageSize of [50, 100]) {
    it(`needs at most 12 requests an interval for 500 who wait, ${pageSize} to a page`, async () => {
      host.pageSize = pageSize;
      host.openAll(500);
      const interval = 30_000;
      const start = now;
      // Everybody at a moment of their own, again and again.
      const moments = Array.from({ length: 500 * 6 }, (_, index) => ({
        at: start + Math.floor((index * interval) / 500),
        number: (index % 500) + 1,
      }));
      const counts: number[] = [];
      for (const { at, number } of moments) {
        now = at;
        const found = await look(number);
        assert.equal(found?.number, number);
        counts[Math.floor((at - start) / interval)] = host.requests;
      }
      const perInterval = counts.map((count, index) => count - (counts[index - 1] ?? 0)).slice(2);
      assert.ok(Math.max(...perInterval) <= 12, `requests per interval: ${perInterval.join(', ')}`);
    });
  }

  it('asks little also where looks have become rare', async () => {
    host.openAll(500);
    const rare = 300_000;
    for (let round = 0; round < 4; round += 1) {
      if (round === 3) host.requests = 0;
      for (let number = 1; number <= 500; number += 1) {
        now = 1_000_000 + round * rare + (number * rare) / 500;
        await look(number);
      }
    }
    assert.ok(host.requests <= 12, `${host.requests} requests`);
  });

  it('answers those who come at the same time with one listing', async () => {
    host.openAll(40);
    for (let number = 1; number <= 40; number += 1) await look(number);
    host.requests = 0;
    now += 60_000;
    await Promise.all(Array.from({ length: 40 }, (_, index) => look(index + 1)));
    assert.equal(host.requests, 1);
  });

  it('reads a single one by itself, and not again within seconds', async () => {
    host.openAll(300);
    await look(7);
    now += 4000;
    await look(7);
    assert.deepEqual([host.reads, host.listings], [1, 0]);
    now += 30_000;
    await look(7);
    assert.deepEqual([host.reads, host.listings], [2, 0]);
  });

  it('asks at most every ten seconds, however short the interval is', async () => {
    host.openAll(1);
    for (let second = 0; second < 60; second += 1) {
      await look(1, { interval: 1000 });
      now += 1000;
    }
    assert.ok(host.requests <= 7, `${host.requests} requests`);
  });

  it('reads one that is not among the open ones by itself', async () => {
    host.openAll(20);
    for (let number = 1; number <= 20; number += 1) await look(number);
    now += 60_000;
    host.merge(5);
    const states = await Promise.all([4, 5, 6, 7].map(async (number) => (await look(number))?.state));
    assert.deepEqual(states, ['open', 'merged', 'open', 'open']);
    assert.equal(await look(999), undefined);
  });

  it('never answers who was rung with what it knew before', async () => {
    host.openAll(100);
    for (let number = 1; number <= 100; number += 1) await look(number);
    for (let number = 1; number <= 100; number += 1) host.merge(number);
    const rung = await Promise.all(
      Array.from({ length: 100 }, (_, index) => look(index + 1, { isFresh: true })),
    );
    assert.ok(rung.every((found) => found?.state === 'merged'));
  });

  it('lets a few of many who are rung at once read for themselves, and the rest share two listings', async () => {
    host.openAll(500);
    await Promise.all(Array.from({ length: 500 }, (_, index) => look(index + 1, { isFresh: true })));
    assert.deepEqual([host.reads, host.listings], [4, 2]);
  });

  it('keeps what one project may see from another', async () => {
    host.openAll(1);
    await look(1, { owner: 'one' });
    await look(1, { owner: 'other' });
    assert.equal(host.reads, 2);
  });

  it('tells an error of the host to all who share the listing, and begins anew after it', async () => {
    host.openAll(10);
    for (let number = 1; number <= 10; number += 1) await look(number);
    now += 60_000;
    host.fault = new Error('503');
    const ends = await Promise.allSettled([1, 2, 3, 4].map((number) => look(number)));
    assert.deepEqual(
      ends.map(({ status }) => status),
      ['rejected', 'rejected', 'rejected', 'rejected'],
    );
    host.fault = undefined;
    assert.equal((await look(1))?.number, 1);
  });

  it('goes on when the one who asks for all is told to stop', async () => {
    host.openAll(10);
    for (let number = 1; number <= 10; number += 1) await look(number);
    now += 60_000;
    const leader = new AbortController();
    host.fault = new Error('stopped');
    const options = { owner: 'demo', isFresh: false, interval: 30_000, signal: leader.signal };
    const first = looks.look(host as unknown as HostedRepository, 1, options);
    const second = look(2);
    leader.abort();
    host.fault = undefined;
    host.release();
    await assert.rejects(first);
    assert.equal((await second)?.number, 2);
  });
});

/** Counts what it is asked. */
class CountingHost {
  readonly kind = 'github';
  readonly name = 'github.com/acme/ops';
  readonly #all = new Map<number, PullRequest>();
  pageSize = 100;
  requests = 0;
  reads = 0;
  listings = 0;
  fault: Error | undefined;
  release: () => void = () => undefined;

  openAll(count: number): void {
    for (let number = 1; number <= count; number += 1) this.#all.set(number, describeOne(number, 'open'));
  }

  merge(number: number): void {
    this.#all.set(number, describeOne(number, 'merged'));
  }

  async readPullRequest(number: number): Promise<PullRequest | undefined> {
    this.requests += 1;
    this.reads += 1;
    await Promise.resolve();
    return this.#all.get(number);
  }

  async listOpenPullRequests(): Promise<readonly PullRequest[]> {
    const { fault } = this;
    const open = [...this.#all.values()].filter(({ state }) => state === 'open');
    this.requests += Math.max(1, Math.ceil(open.length / this.pageSize));
    this.listings += 1;
    await Promise.resolve();
    if (fault) {
      await new Promise<void>((resolve) => {
        this.release = resolve;
        setImmediate(resolve);
      });
      throw fault;
    }
    return open;
  }
}

function describeOne(number: number, state: PullRequest['state']): PullRequest {
  const createdAt = '2026-01-01T00:00:00Z';
  const url = `https://github.com/acme/ops/pull/${number}`;
  return {
    number,
    url,
    state,
    isDraft: false,
    isQueued: false,
    source: `s${number}`,
    target: 'main',
    createdAt,
  };
}

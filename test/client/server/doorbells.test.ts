import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import {
  createDoorbells,
  Overloaded,
  type Doorbells,
} from '../../../src/client/server/doorbells/doorbells.ts';
import type { RingablePromotion } from '../../../src/client/server/doorbells/find-promotions.ts';

const ring = (number: number, project?: string) => ({
  keys: [`git.test/ops#${number}`],
  hint: { number },
  ...(project !== undefined && { project }),
});
const waiting = (workflowId: string, number: number): RingablePromotion => ({
  workflowId,
  project: 'demo',
  pullRequests: [`git.test/ops#${number}`],
});

describe('doorbells', () => {
  interface Site {
    promotions: readonly RingablePromotion[];
    readonly finds: string[][];
    readonly rung: string[];
  }
  let site: Site;
  let bells: Doorbells | undefined;
  const open = (find = async (own: Site) => own.promotions, pause = 200) => {
    // What the bells of an earlier test still do reaches its own site.
    const own: Site = { promotions: [], finds: [], rung: [] };
    site = own;
    bells = createDoorbells({
      async find(keys) {
        own.finds.push([...keys]);
        return find(own);
      },
      signal: async (workflowId) => void own.rung.push(workflowId),
      warn: () => {},
      later: [50, 400],
      pause,
    });
    return bells;
  };
  afterEach(() => bells?.close());

  it('ask for many pull requests at once when many come at once', async () => {
    const opened = open(async (own) => {
      await wait(50);
      return own.promotions;
    });
    await Promise.all(Array.from({ length: 1000 }, (_, at) => opened.ring(ring(at + 1))));
    assert.ok(site.finds.length <= 30, `${site.finds.length} questions`);
    assert.equal(new Set(site.finds.flat()).size, 1000);
  });

  it('take events of one pull request that come close upon each other as one', async () => {
    const opened = open();
    site.promotions = [waiting('one', 7)];
    const counts = await Promise.all(Array.from({ length: 100 }, () => opened.ring(ring(7))));
    assert.deepEqual(new Set(counts), new Set([1]));
    assert.deepEqual(site.rung, ['one']);
  });

  it('ring again for what comes after a pause', async () => {
    const opened = open();
    site.promotions = [waiting('one', 7)];
    const started = Date.now();
    await opened.ring(ring(7));
    await opened.ring(ring(7));
    assert.ok(Date.now() - started >= 190);
    assert.deepEqual(site.rung, ['one', 'one']);
  });

  it('look again for promotions that lists did not know yet, and ring those only', async () => {
    const opened = open(undefined, 0);
    site.promotions = [waiting('one', 7)];
    assert.equal(await opened.ring(ring(7)), 1);
    site.promotions = [waiting('one', 7), waiting('two', 7)];
    while (!site.rung.includes('two')) await wait(10);
    site.promotions = [waiting('one', 7), waiting('two', 7), waiting('three', 7)];
    while (!site.rung.includes('three')) await wait(10);
    await wait(100);
    assert.deepEqual(site.rung, ['one', 'two', 'three']);
    assert.equal(site.finds.length, 3);
  });

  it('tell apart what is for a project and what is for all', async () => {
    const opened = open();
    site.promotions = [waiting('one', 7)];
    assert.deepEqual(await Promise.all([opened.ring(ring(7, 'other')), opened.ring(ring(7))]), [0, 1]);
  });

  it('reject while nobody can be found, and work again afterwards', async () => {
    let isDown = true;
    const opened = open(async () => {
      if (isDown) throw new Error('down');
      return [waiting('one', 7)];
    }, 0);
    await assert.rejects(opened.ring(ring(7)), /down/);
    isDown = false;
    assert.equal(await opened.ring(ring(7)), 1);
  });

  it('refuse what is too much to keep', async () => {
    const opened = open(() => new Promise(() => {}));
    const ends = Array.from({ length: 11_000 }, (_, at) =>
      opened.ring(ring(at + 1)).catch((error: unknown) => error),
    );
    assert.ok((await ends.at(-1)) instanceof Overloaded);
  });
});

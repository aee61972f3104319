import assert from 'node:assert/strict';
import type { PromotionStatus } from '../../src/core/promotion/status.ts';
import { shapes } from '../histories/shapes.ts';
import { openPromotionRig, type PromotionRig } from '../support/promotion-rig.ts';
import { useTemporalServer } from '../support/temporal-server.ts';

describe('an upgrade to a later interpreter', function () {
  this.timeout(120_000);
  let rig: PromotionRig;
  before(async () => {
    const server = await useTemporalServer();
    rig = await openPromotionRig(await server.client(), await server.nativeConnection());
  });
  after(() => rig.close());

  it('lets a promotion that waits end with the interpreter it began with', async () => {
    const handle = await shapes['version-change']!(rig);
    assert.equal(((await handle.result()) as PromotionStatus).phase, 'Succeeded');
    const calls = rig.calls(handle.workflowId);
    assert.equal(calls[0], 'run ask on gantry');
    assert.equal(calls.at(-1), 'run say on gantry');
    assert.ok(!calls.includes('condition next'));
  });

  it('has new promotions run by the later one', async () => {
    const handle = await shapes['next-version']!(rig);
    assert.equal(((await handle.result()) as PromotionStatus).phase, 'Succeeded');
    assert.equal(rig.calls(handle.workflowId)[0], 'condition next');
  });
});

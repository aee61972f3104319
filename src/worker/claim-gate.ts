import type { ActivitySlotInfo, CustomSlotSupplier } from '@temporalio/worker';
import type { Leases } from '../activities/workspace/leases.ts';

/** Lets the claim worker poll only while a folder could be handed out: a full worker leaves claims to others. */
export function createClaimGate(leases: Leases): CustomSlotSupplier<ActivitySlotInfo> {
  return {
    type: 'custom',
    async reserveSlot(_context, signal) {
      await leases.reserve(signal);
      return {};
    },
    // For eager activities, of which this queue has none.
    tryReserveSlot: () => null,
    markSlotUsed() {},
    releaseSlot() {
      leases.unreserve();
    },
  };
}

import type { StepLog } from '../define-step.ts';
import type { FolderOwner } from './folders.ts';
import type { Marker } from './marker.ts';
import type { Workspaces } from './workspaces.ts';

/** What the janitor needs to know. */
export interface JanitorRules {
  /** Whether the promotion still goes on; rejects when nobody can tell now. */
  readonly isOpen: (owner: FolderOwner) => Promise<boolean>;
  /** Bytes of a folder. */
  readonly sizeOf: (found: FoundFolder) => Promise<number>;
  /** Bytes that folders without lease may take together; beyond it the least recently used go first. */
  readonly maximumBytes: number;
  /** Milliseconds without any use after which a lease counts as forgotten. */
  readonly leaseIdle: number;
  readonly log: StepLog;
}

/** A folder as a round finds it. */
export type FoundFolder = Awaited<ReturnType<Workspaces['list']>>[number];

/** One round: folders of ended promotions go, forgotten leases come back, and the disk stays within its bound. */
export async function tidyWorkspaces(workspaces: Workspaces, rules: JanitorRules): Promise<void> {
  const kept: FoundFolder[] = [];
  for (const found of await workspaces.list()) {
    if (await isOver(found.marker, rules)) await remove(workspaces, found, 'promotion ended', rules);
    else kept.push(found);
  }
  for (const { key, marker, busy } of kept) {
    if (!marker?.leased || busy || Date.now() - marker.usedAt < rules.leaseIdle) continue;
    await workspaces.expireLease(key, marker);
    rules.log.warn('Took back a forgotten workspace', { workflowId: marker.workflowId });
  }
  await keepBound(workspaces, kept, rules);
}

async function isOver(marker: Marker | undefined, { isOpen, log }: JanitorRules): Promise<boolean> {
  // Without marker nobody can ever enter it: the claim that began it did not end.
  if (!marker) return true;
  try {
    return !(await isOpen(marker));
  } catch (error) {
    log.warn('Cannot tell whether a promotion has ended', {
      workflowId: marker.workflowId,
      error: String(error),
    });
    return false;
  }
}

async function keepBound(
  workspaces: Workspaces,
  kept: readonly FoundFolder[],
  rules: JanitorRules,
): Promise<void> {
  const idle = kept.filter(({ marker, busy }) => marker && !marker.leased && !busy);
  idle.sort((a, b) => b.marker!.usedAt - a.marker!.usedAt);
  let total = 0;
  for (const found of idle) {
    total += await rules.sizeOf(found);
    if (total > rules.maximumBytes) await remove(workspaces, found, 'disk bound', rules);
  }
}

async function remove(
  workspaces: Workspaces,
  { key, marker }: FoundFolder,
  reason: string,
  rules: JanitorRules,
): Promise<void> {
  if (await workspaces.removeUnchanged(key, marker)) {
    rules.log.info('Removed a workspace', { workflowId: marker?.workflowId ?? '', reason });
  }
}

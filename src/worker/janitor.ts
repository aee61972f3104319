import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { messageOf } from '../core/errors.ts';
import { sizeOfFolder, type FolderOwner } from '../activities/workspace/folders.ts';
import { tidyWorkspaces, type FoundFolder } from '../activities/workspace/janitor.ts';
import type { Workspaces } from '../activities/workspace/workspaces.ts';
import { tidyMirrors } from '../providers/git/mirror/tidy-mirrors.ts';
import type { Log } from '../log.ts';

/** Tidies at once and every minute or so, until it is closed. */
export interface Janitor {
  close(): Promise<void>;
}

export interface JanitorParts {
  readonly workspaces: Workspaces;
  readonly client: Client;
  readonly log: Log;
  /** What folders of waiting promotions may take, and mirrors once more. */
  readonly maximumBytes: number;
  /** Absolute path of the git binary. */
  readonly git: string;
}

/** Opens the janitor of a worker's folders. What goes wrong in a round is logged, and tried again in the next. */
export function openJanitor({ workspaces, client, log, maximumBytes, git }: JanitorParts): Janitor {
  const closing = new AbortController();
  const mirrors = {
    folder: workspaces.mirrors,
    maximumBytes,
    task: `${workspaces.uid}/janitor`,
    binary: git,
    signal: closing.signal,
    onRemoved: (path: string) => log.info('Removed a mirror', { path, reason: 'disk bound' }),
  };
  const rules = {
    isOpen: (owner: FolderOwner) => isOpen(client, owner),
    sizeOf: createSizes(),
    maximumBytes,
    leaseIdle,
    log,
  };
  let round: Promise<void> | undefined;
  const tidy = () => {
    round ??= tidyWorkspaces(workspaces, rules)
      .catch((error: unknown) => log.warn('Cannot tidy the workspaces', { error: messageOf(error) }))
      .then(() => tidyMirrors(mirrors))
      .catch((error: unknown) => {
        if (!closing.signal.aborted) log.warn('Cannot tidy the mirrors', { error: messageOf(error) });
      })
      .finally(() => (round = undefined));
  };
  tidy();
  const timer = setInterval(tidy, interval);
  return {
    async close() {
      clearInterval(timer);
      closing.abort();
      await round;
    },
  };
}

/** Sizes of folders, each counted once: as long as nobody uses a folder it stays as it is. */
function createSizes(): (found: FoundFolder) => Promise<number> {
  const known = new Map<string, { readonly usedAt: number; readonly size: number }>();
  return async ({ key, folder, marker }) => {
    const usedAt = marker?.usedAt ?? 0;
    const before = known.get(key);
    const size = before?.usedAt === usedAt ? before.size : await sizeOfFolder(folder);
    // The newest last, and not without end.
    known.delete(key);
    known.set(key, { usedAt, size });
    if (known.size > mostSizes) known.delete(known.keys().next().value!);
    return size;
  };
}

/** Whether the promotion still goes on: closed, gone, or another one under the same id means no. */
async function isOpen(client: Client, { workflowId, firstRunId }: FolderOwner): Promise<boolean> {
  try {
    const { status, raw } = await client.workflow.getHandle(workflowId).describe();
    const first = raw.workflowExecutionInfo?.firstRunId;
    return !closed.has(status.name) && (!first || first === firstRunId);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

const closed: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'CANCELLED', 'TERMINATED', 'TIMED_OUT']);

/** Milliseconds. */
const interval = 45_000;
const mostSizes = 10_000;
/** Longer than any pause between two steps that share a folder. */
const leaseIdle = 15 * 60_000;

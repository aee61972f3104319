import { setTimeout as sleep } from 'node:timers/promises';
import type { Dice } from './dice.ts';
import type { GitHost, MergeMethod } from './git-host.ts';

/** Merges open requests of a repository at random moments, in any way, until `signal` aborts; answers how many. */
export async function mergeRequests(
  { host, dice }: { readonly host: GitHost; readonly dice: Dice },
  repository: string,
  signal: AbortSignal,
): Promise<number> {
  let count = 0;
  for (;;) {
    await sleep(dice.between(100, 1500), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return count;
    const open = await host.listRequests(repository, 'open');
    if (open.length === 0) continue;
    const { number } = dice.pick(open);
    if (await host.merge(repository, number, dice.pick(methods))) count += 1;
  }
}

const methods: readonly MergeMethod[] = ['merge', 'squash', 'rebase'];

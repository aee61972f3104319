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
  const refusals = new Map<number, number>();
  for (;;) {
    await sleep(dice.between(100, 1500), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return count;
    const open = await host.listRequests(repository, 'open');
    if (open.length === 0) continue;
    const request = dice.pick(open);
    const { number } = request;
    if (await host.merge(repository, number, dice.pick(methods))) {
      count += 1;
      continue;
    }
    const refused = (refusals.get(number) ?? 0) + 1;
    refusals.set(number, refused);
    // A busy Gitea forgets now and then that it still examines a request: "try again later", for ever.
    if (refused % 10 === 0 && (await host.examine(repository, request))) count += 1;
  }
}

const methods: readonly MergeMethod[] = ['merge', 'squash', 'rebase'];

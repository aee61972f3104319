import { giveBack, type TakenTree, takeTree } from './kept-trees.ts';
import type { Mirror } from './mirror.ts';
import { isAlike, type TreeKind } from './tree-kind.ts';

/** The kept trees of a mirror, as one clone takes them. */
export interface ReadyTrees {
  /** The one that was made ready for this; where none was expected, the nearest of all. Undefined when there is none. */
  take(wanted: TreeKind): Promise<TakenTree | undefined>;
  /** Gives back what was made ready and not taken. */
  close(): Promise<void>;
}

/** Takes and proves at once what will probably be wanted: that needs no answer of the remote. */
export function openReadyTrees(mirror: Mirror, expected: readonly TreeKind[]): ReadyTrees {
  const ready = expected.map((kind) => ({ kind, tree: takeTree(mirror, kind).catch(() => undefined) }));
  return {
    async take(wanted) {
      const found = ready.findIndex(({ kind }) => isAlike(kind, wanted));
      return found < 0 ? takeTree(mirror, wanted) : ready.splice(found, 1)[0]!.tree;
    },
    async close() {
      for (const { tree } of ready.splice(0)) await giveBack(mirror, await tree);
    },
  };
}

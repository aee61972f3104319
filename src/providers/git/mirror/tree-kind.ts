/** What a work tree is made of; the next promotion looks for one as near as can be. */
export interface TreeKind {
  /** Branch it is on, or how else it was asked for. */
  readonly ref: string;
  readonly sha: string;
  /** Folders of a sparse checkout. */
  readonly sparse: readonly string[];
}

/** The kind of a tree of this commit, on the branch when there is one. */
export function kindOf(
  { sha, branch }: { readonly sha: string; readonly branch?: string },
  sparse: readonly string[],
): TreeKind {
  return { ref: branch === undefined ? 'detached' : `branch ${branch}`, sha, sparse };
}

/** Says whether one may become the other: on the same ref, with the same folders. */
export function isAlike(one: TreeKind, other: TreeKind): boolean {
  return one.ref === other.ref && one.sparse.join('\n') === other.sparse.join('\n');
}

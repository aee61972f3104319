import type { Definitions, Manifest } from '../definitions/manifest.ts';
import { Fields } from '../fields.ts';
import type { Problem } from '../problem.ts';
import { findProjectConfig } from './generated-branch.ts';

/** The setting `commitStatuses` of a ProjectConfig, default false, and what is wrong with it. */
export function readCommitStatuses({ body, locate }: Manifest): {
  readonly isWanted: boolean;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  // Everything else in it is Kargo's.
  const spec = new Fields(body, [], locate, problems, 'warning').object('spec');
  return { isWanted: spec?.boolean('commitStatuses') ?? false, problems };
}

/** Whether commits of the project's promotions are to show at their hosts how they go. */
export function wantsStatuses(
  definitions: Definitions,
  project: string,
): ReturnType<typeof readCommitStatuses> {
  const config = findProjectConfig(definitions, project);
  return config ? readCommitStatuses(config) : { isWanted: false, problems: [] };
}

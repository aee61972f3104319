import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '../../core/json.ts';
import { findText, textAt } from './answer-fields.ts';
import type { CommitStatus } from './git-host.ts';

/** A status as both editions of Bitbucket want it, without its name and key; they insist on an address. */
export function buildOf({ commit, state, description, url }: CommitStatus, webURL: string): JsonObject {
  return {
    state: states[state],
    url: url ?? `${webURL}/commits/${commit}`,
    ...(description !== undefined && { description: description.slice(0, 255) }),
  };
}

/** A status as both editions tell it. */
export function readBuild(answer: Json, commit: string, context: string): CommitStatus {
  const [description, url] = [findText(answer, 'description'), findText(answer, 'url')];
  return {
    commit,
    context,
    state: readState(textAt(answer, 'state')),
    ...(description !== undefined && { description }),
    ...(url !== undefined && { url }),
  };
}

/** The key of a context, of at most 40 characters: a longer one ends in a digest of the whole. */
export function keyOf(context: string): string {
  if (context.length <= longestKey) return context;
  const digest = createHash('sha256').update(context).digest('hex').slice(0, 10);
  return `${context.slice(0, longestKey - digest.length - 1)}-${digest}`;
}

const longestKey = 40;

const states = { pending: 'INPROGRESS', success: 'SUCCESSFUL', failure: 'FAILED' } as const;

function readState(state: string): CommitStatus['state'] {
  if (state === 'SUCCESSFUL') return 'success';
  return state === 'INPROGRESS' ? 'pending' : 'failure';
}

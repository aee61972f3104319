import { defineFunction } from '../../../expression/function.ts';
import { text } from '../../../expression/parameters.ts';
import { findCommit } from '../../../freight/find-artifact.ts';
import { scopeOf } from '../promotion.ts';
import { commitType, natureOfStructure, toCommit } from './artifacts.ts';
import { originOf, originParameter, search } from './origin.ts';

export const commitFrom = defineFunction({
  name: 'commitFrom',
  summary: 'The commit of a Git repository in the Freight, nil if there is none.',
  example: 'commitFrom("https://git.example.com/app.git").ID',
  parameters: [text('repoURL'), originParameter],
  result: natureOfStructure(commitType),
  call([repoURL, origin], context) {
    const commit = search(() => findCommit(scopeOf(context).freight, repoURL, originOf(origin)));
    return commit ? toCommit(commit) : null;
  },
});

import { defineFunction } from '../../../expression/function.ts';
import { text } from '../../../expression/parameters.ts';
import { isSameRepository } from '../../../freight/urls.ts';
import { natureOfStructure } from '../freight/artifacts.ts';
import { discoveredCommitType, discoveredOf, toDiscoveredCommit } from './discovered.ts';

export const discoveredCommitFrom = defineFunction({
  name: 'commitFrom',
  summary: 'The newest commit that was discovered in a repository, nil if there is none.',
  example: 'commitFrom("https://git.example.com/app.git")?.Tag',
  parameters: [text('repoURL')],
  result: natureOfStructure(discoveredCommitType),
  call([repoURL], context) {
    const { git } = discoveredOf(context);
    const commit = git.find((found) => isSameRepository(found.repoURL, repoURL))?.commits[0];
    return commit ? toDiscoveredCommit(commit) : null;
  },
});

import { describeGitHost } from './contract.ts';
import { openAzureServer } from './azure-server.ts';
import { rigOf } from './loopback-rig.ts';

describeGitHost('Azure DevOps', {
  kind: 'azure',
  open: async () =>
    rigOf(
      await openAzureServer(),
      { password: 'strong-token' },
      'Platform/operations',
      'acme/Platform/_git/ops',
    ),
  conflict: 'waiting',
  missingScope: /permission PullRequestContribute/,
  openCall: /^POST .*\/pullrequests\?/,
  mergeCall: /^PATCH /,
  pageful: 101,
  // Old names lead nowhere in its API.
  isRenamedLost: true,
});

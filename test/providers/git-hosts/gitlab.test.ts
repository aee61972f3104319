import { describeGitHost } from './contract.ts';
import { openGitLabServer } from './gitlab-server.ts';
import { rigOf } from './loopback-rig.ts';

describeGitHost('GitLab', {
  kind: 'gitlab',
  open: async () => rigOf(await openGitLabServer(), { password: 'strong-token' }, 'acme/platform/operations'),
  conflict: 'waiting',
  missingScope: /scope api/,
  openCall: /^POST .*\/merge_requests$/,
  mergeCall: /^PUT .*\/merge$/,
});

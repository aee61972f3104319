import { describeGitHost } from './contract.ts';
import { openGitLabServer } from './gitlab-server.ts';
import { rigOf } from './loopback-rig.ts';

describeGitHost('GitLab', {
  kind: 'gitlab',
  async open() {
    const server = await openGitLabServer();
    const rig = rigOf(server, { password: 'strong-token' }, 'acme/platform/operations');
    return { ...rig, readWebhooks: async () => server.repository.hooks };
  },
  conflict: 'waiting',
  missingScope: /scope api/,
  openCall: /^POST .*\/merge_requests$/,
  mergeCall: /^PUT .*\/merge$/,
});

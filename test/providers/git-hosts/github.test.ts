import { describeGitHost } from './contract.ts';
import { openGitHub } from './github-server.ts';

describeGitHost('GitHub', {
  kind: 'github',
  async open() {
    const github = await openGitHub();
    return {
      url: github.url,
      path: 'acme/ops.git',
      credentials: { password: 'ghp_right' },
      weakCredentials: { password: 'ghp_weak' },
      commit: async (branch, files) => github.repository.commit(branch, files),
      async closeRequest(number) {
        github.requests[number - 1]!.state = 'closed';
      },
      readLabels: async (number) => github.requests[number - 1]!.labels,
      readWebhooks: async () => github.hooks.map(({ config }) => config),
      async rename() {
        github.name = 'operations';
      },
      close: () => github.close(),
    };
  },
  missingScope: /scope repo\b/,
  openCall: /^POST \/api\/v3\/repos\/acme\/ops\/pulls$/,
  mergeCall: /^PUT .*\/merge$/,
});

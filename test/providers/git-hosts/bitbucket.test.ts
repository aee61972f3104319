import { describeGitHost } from './contract.ts';
import { openCloudServer } from './bitbucket-cloud-server.ts';
import { openDataCenterServer } from './bitbucket-data-center-server.ts';
import { rigOf } from './loopback-rig.ts';

describeGitHost('Bitbucket Cloud', {
  kind: 'bitbucket',
  open: async () => rigOf(await openCloudServer(), { password: 'strong-token' }, 'acme/operations'),
  address: (url) => ({
    repoURL: 'https://bitbucket.org/acme/ops.git',
    patterns: [{ host: 'bitbucket.org', provider: 'bitbucket', apiURL: `${url}/2.0` }],
  }),
  missingScope: /scope pullrequest:write/,
  newLabels: /no labels/,
  openCall: /^POST .*\/pullrequests$/,
  mergeCall: /^POST .*\/merge$/,
});

describeGitHost('Bitbucket Data Center', {
  kind: 'bitbucket',
  open: async () =>
    rigOf(
      await openDataCenterServer(),
      { username: 'alice', password: 'strong-token' },
      'ACME/operations',
      'scm/ACME/ops.git',
    ),
  missingScope: /permission REPO_WRITE/,
  newLabels: /no labels/,
  openCall: /^POST .*\/pull-requests$/,
  mergeCall: /^POST .*\/merge\?/,
});

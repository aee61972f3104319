import assert from 'node:assert/strict';
import { HostBusy } from '../../../src/providers/git-hosts/git-host.ts';
import { openAzureServer } from './azure-server.ts';
import { openCloudServer } from './bitbucket-cloud-server.ts';
import { openDataCenterServer } from './bitbucket-data-center-server.ts';
import { openGitLabServer } from './gitlab-server.ts';
import { openAt, type OpenAt } from './loopback-rig.ts';

interface Limited {
  readonly title: string;
  readonly open: typeof openGitLabServer | typeof openCloudServer | typeof openAzureServer;
  readonly address: (url: string) => OpenAt & { readonly repoURL: string };
  /** Milliseconds. */
  readonly retryIn: number;
  readonly said: RegExp;
}

const hosts: readonly Limited[] = [
  {
    title: 'GitLab',
    open: openGitLabServer,
    address: (url) => ({ repoURL: `${url}/acme/platform/ops.git`, provider: 'gitlab' }),
    retryIn: 30_000,
    said: /too many requests for 30s/,
  },
  {
    title: 'Bitbucket Cloud, which names no time',
    open: openCloudServer,
    address: (url) => ({
      repoURL: 'https://bitbucket.org/acme/ops.git',
      provider: 'bitbucket',
      patterns: [{ host: 'bitbucket.org', provider: 'bitbucket', apiURL: `${url}/2.0` }],
    }),
    retryIn: 60_000,
    said: /too many requests: Rate limit for this resource/,
  },
  {
    title: 'Bitbucket Data Center',
    open: openDataCenterServer,
    address: (url) => ({ repoURL: `${url}/scm/ACME/ops.git`, provider: 'bitbucket' }),
    retryIn: 5_000,
    said: /too many requests for 5s: You have been rate limited/,
  },
  {
    title: 'Azure DevOps',
    open: openAzureServer,
    address: (url) => ({ repoURL: `${url}/acme/Platform/_git/ops`, provider: 'azure' }),
    retryIn: 120_000,
    said: /too many requests for 2m0s: TF400733/,
  },
];

describe('limits of requests, as each host tells them', () => {
  for (const { title, open, address, retryIn, said } of hosts) {
    it(title, async () => {
      const server = await open();
      try {
        server.repository.isBusy = true;
        const { repoURL, ...how } = address(server.url);
        const attempt = (await openAt(repoURL, how)).listOpenPullRequests();
        const error: unknown = await attempt.catch((reason: unknown) => reason);
        assert.ok(error instanceof HostBusy, String(error));
        assert.equal(error.retryIn, retryIn);
        assert.match(error.message, said);
      } finally {
        await server.close();
      }
    });
  }
});

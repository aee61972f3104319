import assert from 'node:assert/strict';
import type { Credentials } from '../../../src/providers/credentials/credentials.ts';
import type { HostRig } from './contract.ts';
import type { DocumentedServer } from './documented-server.ts';
import type { HostedTestRepository } from './hosted-repository.ts';

/** A loopback server with one repository, as the contract drives it. What no page shows fails when it is closed. */
export function rigOf(
  server: DocumentedServer & { readonly repository: HostedTestRepository },
  credentials: Credentials,
  renamed: string,
  path: string = `${server.repository.path}.git`,
): HostRig {
  const { repository } = server;
  return {
    url: server.url,
    path,
    credentials,
    weakCredentials: { ...credentials, password: 'weak-token' },
    commit: async (branch, files) => repository.commit(branch, files),
    async closeRequest(number) {
      repository.find(number)!.state = 'closed';
    },
    readLabels: async (number) => repository.find(number)!.labels,
    rename: async () => repository.rename(renamed),
    async close() {
      await server.close();
      assert.deepEqual(server.undocumented, []);
    },
  };
}

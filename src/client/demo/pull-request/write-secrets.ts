import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes the folder of Secrets of the demo: the token for the repository, and the secret of its webhook, which is returned. */
export async function writeSecrets(
  folder: string,
  { url, token }: { readonly url: string; readonly token: string },
): Promise<string> {
  const secret = randomBytes(24).toString('base64url');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const manifests = [
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'repository', namespace: 'demo', labels: { 'kargo.akuity.io/cred-type': 'git' } },
      stringData: { repoURL: url, username: 'root1', password: token },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'webhooks', namespace: 'kargo-shared-resources' },
      stringData: { gitea: secret },
    },
  ];
  await writeFile(join(folder, 'demo.json'), JSON.stringify({ kind: 'List', items: manifests }), {
    mode: 0o600,
  });
  return secret;
}

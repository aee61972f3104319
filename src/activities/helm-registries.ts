import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChartRepository } from '../core/edit/chart-dependencies.ts';
import type { StepWorld } from './define-step.ts';

/**
 * The options that let helm open the OCI registries of these dependencies: their credentials in a private file. Of the
 * dependencies in one registry the last one with credentials counts, as helm knows only hosts.
 */
export async function writeRegistryConfig(
  dependencies: readonly ChartRepository[],
  scratch: string,
  findCredentials: StepWorld['findCredentials'],
): Promise<readonly string[]> {
  const found = dependencies.filter(({ repository }) => repository.startsWith('oci://'));
  if (found.length === 0) return [];
  const auths: Record<string, { readonly auth: string }> = {};
  for (const { name, repository } of found) {
    const base = repository.replace(/\/+$/, '');
    const chart = await findCredentials({ type: 'helm', repoURL: `${base}/${name}` });
    const { username = '', password } =
      chart ?? (await findCredentials({ type: 'helm', repoURL: base })) ?? {};
    if (password) auths[hostOf(base)] = { auth: Buffer.from(`${username}:${password}`).toString('base64') };
  }
  const config = join(scratch, 'registries.json');
  await writeFile(config, JSON.stringify({ auths }), { mode: 0o600 });
  // Registries on this host are the only ones that may do without HTTPS.
  const arePlain = found.every(({ repository }) =>
    /^(localhost|127\.\d+\.\d+\.\d+)(:\d+)?$/.test(hostOf(repository)),
  );
  return [`--registry-config=${config}`, ...(arePlain ? ['--plain-http'] : [])];
}

function hostOf(repository: string): string {
  return repository.slice('oci://'.length).replace(/\/.*$/s, '');
}

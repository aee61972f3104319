import type { ProjectRepository } from '../../project-repositories.ts';
import { InvalidInput } from '../errors.ts';
import type { Registration } from '../server/webhooks/register.ts';
import type { Receiver } from '../server/webhooks/receivers.ts';
import type { Call } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { printResult } from './output.ts';
import { formatTable } from './table.ts';
import { gitHostSettings, httpSettings } from './worker-options.ts';

/** Sets the webhooks of the repositories that the user, or Secrets, name, and tells what became of each. */
export async function registerAll(
  call: Call<{ readonly project?: string }>,
  receivers: readonly Receiver[],
  base: string,
): Promise<number> {
  const { settings, terminal } = call;
  await checkBase(call, receivers, base);
  const { patterns } = await gitHostSettings(settings);
  const { openProjectRepositories } = await import('../../project-repositories.ts');
  const { createResourceFolder } = await import('../../providers/resources/resource-folder.ts');
  const { createReceiverSource } = await import('../server/webhooks/receivers.ts');
  const { registerWebhooks } = await import('../server/webhooks/register.ts');
  const folder = createResourceFolder(settings.secrets ?? '');
  const { allow } = await httpSettings(settings);
  const repositories = openProjectRepositories({
    folder,
    patterns,
    // The operator named them.
    allow: [...allow, ...receivers.map(nameOf)],
    env: terminal.env,
    signal: new AbortController().signal,
  });
  const open = await createReceiverSource(receivers, folder)();
  const wanted = await findWanted(call, () => repositories.list());
  const ends = await registerWebhooks(wanted, { repositories, receivers: open, patterns, base });
  await printResult(call, ends, () => explain(ends));
  return ends.some(({ result }) => result === 'failed') ? exitCodes.failed : exitCodes.succeeded;
}

/** A host elsewhere cannot deliver to an address of this machine. */
async function checkBase({ settings }: Call, receivers: readonly Receiver[], base: string): Promise<void> {
  const { isLoopback } = await import('../../encryption/codec-server.ts');
  if (!isLoopback(new URL(base).hostname) || receivers.every((receiver) => isLoopback(nameOf(receiver))))
    return;
  const said = settings.serverUrl === undefined ? 'is not set' : `is ${settings.serverUrl}`;
  throw new InvalidInput(
    `server.url ${said}: name the address under which Git hosts reach the server, such as --server-url https://gantry.acme.example`,
  );
}

async function findWanted(
  { args, options: { project } }: Call<{ readonly project?: string }>,
  list: () => Promise<readonly ProjectRepository[]>,
): Promise<readonly ProjectRepository[]> {
  const { sharedNamespace } = await import('../../providers/resources/resource.ts');
  if (args.length > 0) return args.map((repoURL) => ({ project: project ?? sharedNamespace, repoURL }));
  const named = (await list()).filter((one) => project === undefined || one.project === project);
  if (named.length > 0) return named;
  const whose = project === undefined ? '' : ` of project ${project}`;
  throw new InvalidInput(
    `no Secret for Git${whose} names a repository: name it, as in gantry webhooks --register https://github.com/acme/ops.git`,
  );
}

function nameOf({ host }: Receiver): string {
  return host.replace(/:\d+$/, '');
}

function explain(ends: readonly Registration[]): string {
  return formatTable(
    ['RESULT', 'PROJECT', 'REPOSITORY', 'DELIVERIES'],
    ends.map(({ result, project, repository, url = '', message }) => [
      result,
      project,
      repository,
      [url, message].filter(Boolean).join(': '),
    ]),
  );
}

import { messageOf } from '../../../core/errors.ts';
import type { HostPattern } from '../../../providers/git-hosts/host-pattern.ts';
import { findPlace, type HostPlace } from '../../../providers/git-hosts/host-place.ts';
import type { ProjectRepositories, ProjectRepository } from '../../../project-repositories.ts';
import type { OpenReceiver } from './receivers.ts';
import { webhookPath } from './routes.ts';

/** What became of the webhook of one repository. */
export interface Registration {
  readonly repository: string;
  readonly project: string;
  readonly result: 'created' | 'updated' | 'by hand' | 'failed';
  /** Where deliveries go. */
  readonly url?: string;
  /** Why, and what helps. */
  readonly message?: string;
}

export interface RegistrationOptions {
  readonly repositories: Pick<ProjectRepositories, 'open'>;
  readonly receivers: readonly OpenReceiver[];
  readonly patterns: readonly HostPattern[];
  /** Address under which hosts reach the server; without a slash at its end. */
  readonly base: string;
}

/** Sets a webhook at each repository, one after the other; a repository of several projects has one. Never rejects. */
export async function registerWebhooks(
  wanted: readonly ProjectRepository[],
  options: RegistrationOptions,
): Promise<readonly Registration[]> {
  const known = new Map<string, OpenReceiver>();
  const done: Registration[] = [];
  for (const one of wanted) {
    const end = await register(one, options, known).catch((error: unknown) => failed(messageOf(error)));
    if (end) done.push({ ...identify(one), ...end });
  }
  return done;
}

type End = Omit<Registration, 'repository' | 'project'>;

/** Undefined for a repository that another project named, and with the same secret. */
async function register(
  one: ProjectRepository,
  { repositories, receivers, patterns, base }: RegistrationOptions,
  known: Map<string, OpenReceiver>,
): Promise<End | undefined> {
  const place = findPlace(one.repoURL, { patterns });
  const receiver = chooseReceiver(receivers, place, one.project);
  if (!receiver) return failed(`webhooks names no secret for ${place.host} that is there`);
  const repository = await repositories.open(one);
  const { name, webhooks } = repository;
  const before = known.get(name);
  if (before?.value === receiver.value) return undefined;
  if (before) return failed(explainTaken(before));
  known.set(name, receiver);
  const url = `${base}${webhookPath(receiver.kind)}`;
  if (!webhooks) return { result: 'by hand', url, message: 'gantry webhooks says what to enter at the host' };
  return { result: await webhooks.setWebhook({ url, secret: receiver.value }), url };
}

/** One whose deliveries reach all projects comes first; of an old and a new secret the one that was named last. */
function chooseReceiver(
  receivers: readonly OpenReceiver[],
  { kind, host }: HostPlace,
  project: string,
): OpenReceiver | undefined {
  const here = receivers.filter((receiver) => receiver.kind === kind && receiver.host === host);
  const isFor = (wanted: string | undefined) => (receiver: OpenReceiver) =>
    receiver.secret.project === wanted;
  return here.findLast(isFor(undefined)) ?? here.findLast(isFor(project));
}

function explainTaken({ secret: { project } }: OpenReceiver): string {
  return (
    `its webhook is signed with the secret of project ${project}, which reaches no other: ` +
    'name a shared secret for this host, or set a second webhook by hand'
  );
}

function failed(message: string): End {
  return { result: 'failed', message };
}

function identify({ repoURL, project }: ProjectRepository): Pick<Registration, 'repository' | 'project'> {
  return { repository: repoURL.replace(/\/\/[^/]*@/, '//'), project };
}

import type { Json } from '../../core/json.ts';
import { findText, objectsAt } from './answer-fields.ts';
import type { PullRequest } from './git-host.ts';
import type { HostAnswer, HostRequest } from './host-request.ts';
import type { HostSession } from './session.ts';

/** The calls of one repository; paths count from it. */
export class CloudRepository {
  readonly #session: HostSession;
  readonly #owner: string;
  readonly #path: string;

  constructor(session: HostSession, { owner, slug }: { readonly owner: string; readonly slug: string }) {
    this.#session = session;
    this.#owner = owner;
    this.#path = `repositories/${owner}/${slug}`;
  }

  /** As `HostSession.ask`. */
  ask(request: HostRequest, accepted: readonly number[] = []): Promise<HostAnswer> {
    return this.#session.ask(this.#below(request), accepted);
  }

  refusal(request: HostRequest, answer: HostAnswer): Error {
    return this.#session.refusal(request, answer);
  }

  /** Every entry of a list. */
  async list(request: HostRequest): Promise<readonly Json[]> {
    return this.#listAll(this.#below(request));
  }

  /** Undefined when the repository has none of that number. */
  async findPullRequest(number: number): Promise<Json | undefined> {
    const purpose = `reading pull request #${number}`;
    const call = { method: 'GET', path: `pullrequests/${number}`, purpose } as const;
    const { status, body } = await this.ask(call, [404]);
    if (status !== 404) return body ?? null;
    // It says the same of a repository that is not there.
    await this.ask({ method: 'GET', path: '', query: { fields: 'full_name' }, purpose });
    return undefined;
  }

  /** With whole commits in place of the shortened ones that pull requests show. */
  async complete(request: PullRequest): Promise<PullRequest> {
    const { headCommit, mergeCommit } = request;
    const [head, merge] = [await this.#lengthen(headCommit), await this.#lengthen(mergeCommit)];
    return {
      ...request,
      ...(head !== undefined && { headCommit: head }),
      ...(merge !== undefined && { mergeCommit: merge }),
    };
  }

  async listMembers(): Promise<readonly Json[]> {
    const path = `workspaces/${this.#owner}/members`;
    return this.#listAll({ method: 'GET', path, query: { pagelen: 100 }, purpose: 'looking for reviewers' });
  }

  async #lengthen(commit: string | undefined): Promise<string | undefined> {
    if (commit === undefined || commit.length >= 40) return commit;
    const purpose = `reading commit ${commit}`;
    const call = { method: 'GET', path: `commit/${commit}`, query: { fields: 'hash' }, purpose } as const;
    // The head of one that is long merged may be gone.
    const { body } = await this.ask(call, [404]);
    return findText(body, 'hash') ?? commit;
  }

  async #listAll(request: HostRequest): Promise<readonly Json[]> {
    const entries: Json[] = [];
    const pages = this.#session.pages(request, ({ body }, { path }) => nextPage(path, body));
    for await (const { body } of pages) entries.push(...objectsAt(body, 'values'));
    return entries;
  }

  #below(request: HostRequest): HostRequest {
    return { ...request, path: request.path === '' ? this.#path : `${this.#path}/${request.path}` };
  }
}

/** The host may call itself by another name than it is called. */
function nextPage(path: string, body: Json | undefined): string | undefined {
  const next = findText(body, 'next');
  return next === undefined ? undefined : `${path}?${next.split('?')[1] ?? ''}`;
}

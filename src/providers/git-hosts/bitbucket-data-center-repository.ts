import type { Json, JsonObject } from '../../core/json.ts';
import { findText, numberAt, objectsAt } from './answer-fields.ts';
import type { HostAnswer, HostRequest } from './host-request.ts';
import type { HostSession } from './session.ts';

/** The calls of one repository; paths count from it. */
export class DataCenterRepository {
  readonly #session: HostSession;
  readonly #owner: string;
  readonly #slug: string;

  constructor(session: HostSession, { owner, slug }: { readonly owner: string; readonly slug: string }) {
    this.#session = session;
    this.#owner = owner;
    this.#slug = slug;
  }

  /** As `HostSession.ask`. */
  ask(request: HostRequest, accepted: readonly number[] = []): Promise<HostAnswer> {
    return this.#session.ask(this.#below(request), accepted);
  }

  refusal(request: HostRequest, answer: HostAnswer): Error {
    return this.#session.refusal(request, answer);
  }

  /** Every entry of a list of the repository. */
  list(request: HostRequest): Promise<readonly Json[]> {
    return this.#listAll(this.#below(request));
  }

  /** What is said of a commit; it stands beside the repositories. */
  listBuilds(commit: string): Promise<readonly Json[]> {
    const path = `build-status/latest/commits/${commit}`;
    const purpose = `reading statuses of ${commit}`;
    return this.#listAll({ method: 'GET', path, query: { limit: 100 }, purpose });
  }

  /** Undefined when the repository has none of that number. */
  async findPullRequest(number: number): Promise<Json | undefined> {
    const call = {
      method: 'GET',
      path: `pull-requests/${number}`,
      purpose: `reading pull request #${number}`,
    } as const;
    const answer = await this.ask(call, [404]);
    if (answer.status !== 404) return answer.body ?? null;
    if (exceptionsOf(answer).some((name) => name.endsWith('NoSuchPullRequestException'))) return undefined;
    throw this.refusal(call, answer);
  }

  /** A branch of this repository as an end of a pull request. */
  branch(name: string): JsonObject {
    return {
      id: `refs/heads/${name}`,
      repository: { slug: this.#slug, project: { key: this.#owner } },
    };
  }

  async #listAll(request: HostRequest): Promise<readonly Json[]> {
    const entries: Json[] = [];
    const pages = this.#session.pages(request, ({ body }, first) => nextPage(first, body));
    for await (const { body } of pages) entries.push(...objectsAt(body, 'values'));
    return entries;
  }

  #below(request: HostRequest): HostRequest {
    return { ...request, path: `api/latest/projects/${this.#owner}/repos/${this.#slug}/${request.path}` };
  }
}

/** Says by their names what Bitbucket refuses. */
export function exceptionsOf({ body }: HostAnswer): readonly string[] {
  return objectsAt(body, 'errors').flatMap((error) => findText(error, 'exceptionName') ?? []);
}

function nextPage({ path, query = {} }: HostRequest, body: Json | undefined): string | undefined {
  const { isLastPage } = (body ?? {}) as JsonObject;
  if (isLastPage !== false) return undefined;
  const start = numberAt(body, 'nextPageStart');
  const next = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, start }))
    if (value !== undefined) next.set(name, String(value));
  return `${path}?${next.toString()}`;
}

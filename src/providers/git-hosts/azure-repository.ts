import type { Json } from '../../core/json.ts';
import { findText, objectsAt } from './answer-fields.ts';
import type { HostAnswer, HostRequest } from './host-request.ts';
import type { HostSession } from './session.ts';

/** The version of the API that the service and its Server of 2022 speak. */
export const apiVersion = '7.0';

/** The calls of one repository; paths count from it. */
export class AzureRepository {
  readonly #session: HostSession;
  readonly #path: string;

  constructor(
    session: HostSession,
    { project, repository }: { readonly project: string; readonly repository: string },
  ) {
    this.#session = session;
    this.#path = `${encodeURIComponent(project)}/_apis/git/repositories/${encodeURIComponent(repository)}`;
  }

  /** As `HostSession.ask`. */
  ask(request: HostRequest, accepted: readonly number[] = []): Promise<HostAnswer> {
    const query = { ...request.query, 'api-version': apiVersion };
    return this.#session.ask({ ...request, path: `${this.#path}/${request.path}`, query }, accepted);
  }

  refusal(request: HostRequest, answer: HostAnswer): Error {
    return this.#session.refusal(request, answer);
  }

  /** Every entry of a list that is asked for piece by piece. */
  async list(request: HostRequest): Promise<readonly Json[]> {
    const entries: Json[] = [];
    for (;;) {
      const query = { ...request.query, $top: pageSize, $skip: entries.length };
      const page = objectsAt((await this.ask({ ...request, query })).body, 'value');
      entries.push(...page);
      if (page.length < pageSize) return entries;
    }
  }

  /** Undefined when the repository has none of that number. */
  async findPullRequest(number: number): Promise<Json | undefined> {
    const purpose = `reading pull request ${number}`;
    const call = { method: 'GET', path: `pullrequests/${number}`, purpose } as const;
    const answer = await this.ask(call, [404]);
    if (answer.status !== 404) return answer.body ?? null;
    if (typeOf(answer) === 'GitPullRequestNotFoundException') return undefined;
    throw this.refusal(call, answer);
  }
}

const pageSize = 100;

/** The kind of an error: `GitPullRequestExistsException`. */
export function typeOf({ body }: HostAnswer): string | undefined {
  return findText(body, 'typeKey');
}

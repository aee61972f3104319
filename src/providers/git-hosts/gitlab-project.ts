import type { Json } from '../../core/json.ts';
import { findText, numberAt, objectsAt } from './answer-fields.ts';
import type { HostAnswer, HostRequest } from './host-request.ts';
import type { HostSession } from './session.ts';

/** The calls of one project; paths count from it. A project that was moved is called by its id from then on. */
export class GitLabProject {
  readonly #session: HostSession;
  readonly #path: string;
  #id: string;

  constructor(session: HostSession, path: string) {
    this.#session = session;
    this.#path = path;
    this.#id = encodeURIComponent(path);
  }

  /** As `HostSession.ask`. */
  async ask(request: HostRequest, accepted: readonly number[] = []): Promise<HostAnswer> {
    const answer = await this.#session.ask(this.#below(request), [...accepted, 404, 405]);
    // Only reading is led on to where it is now.
    if (answer.status === 405 && /moved projects/i.test(findText(answer.body, 'message') ?? '')) {
      await this.#findAgain();
      return this.#session.ask(this.#below(request), accepted);
    }
    const isKnown = answer.status < 400 || (accepted.includes(answer.status) && !isNoProject(answer));
    if (isKnown) return answer;
    throw this.refusal(request, answer);
  }

  /** As `HostSession.list`. */
  list(request: HostRequest): Promise<readonly Json[]> {
    return this.#session.list(this.#below(request));
  }

  refusal(request: HostRequest, answer: HostAnswer): Error {
    return this.#session.refusal(request, answer);
  }

  /** Undefined when the project has none of that number. */
  async findMergeRequest(number: number): Promise<Json | undefined> {
    const purpose = `reading merge request !${number}`;
    const { status, body } = await this.ask(
      { method: 'GET', path: `merge_requests/${number}`, purpose },
      [404],
    );
    return status === 404 ? undefined : (body ?? null);
  }

  async findUsers(username: string): Promise<readonly Json[]> {
    const purpose = `looking for user ${username}`;
    const { body } = await this.#session.ask({ method: 'GET', path: 'users', query: { username }, purpose });
    return objectsAt(body);
  }

  async #findAgain(): Promise<void> {
    const path = `projects/${encodeURIComponent(this.#path)}`;
    const { body } = await this.#session.ask({
      method: 'GET',
      path,
      purpose: 'looking for the moved project',
    });
    this.#id = String(numberAt(body, 'id'));
  }

  #below(request: HostRequest): HostRequest {
    return { ...request, path: `projects/${this.#id}/${request.path}` };
  }
}

/** Says of a 404 that the project itself is not there, or not for this token. */
function isNoProject({ status, body }: HostAnswer): boolean {
  return status === 404 && /project not found/i.test(findText(body, 'message') ?? '');
}

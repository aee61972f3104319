import { isGrpcServiceError, type Client, type WorkflowExecutionInfo } from '@temporalio/client';
import { isObject } from '../../../core/json.ts';

/** A promotion under way that wants to know of some pull requests. */
export interface RingablePromotion {
  readonly workflowId: string;
  readonly project: string;
  /** Keys of its pull requests. */
  readonly pullRequests: readonly string[];
}

/**
 * Finds the promotions under way that one of these pull requests belongs to: by search attribute, else, where that is not
 * registered, by the memo of all that are under way. Lists lag behind by a moment. Rejects with Temporal's own errors.
 */
export function createPromotionFinder(
  client: Client,
): (keys: readonly string[]) => Promise<readonly RingablePromotion[]> {
  let withoutUntil = 0;
  let running: { readonly at: number; readonly list: Promise<readonly RingablePromotion[]> } | undefined;

  async function byMemo(keys: readonly string[]): Promise<readonly RingablePromotion[]> {
    if (!running || Date.now() - running.at > listLifetime)
      running = { at: Date.now(), list: list(client, base).catch(rethrow) };
    const all = await running.list;
    return all.filter(({ pullRequests }) => pullRequests.some((key) => keys.includes(key)));
  }

  function rethrow(error: unknown): never {
    running = undefined;
    throw error;
  }

  return async (keys) => {
    if (Date.now() < withoutUntil) return byMemo(keys);
    const known = keys.filter((key) => !/['\\]/.test(key)).map((key) => `'${key}'`);
    if (known.length === 0) return [];
    try {
      return await list(client, `${base} AND GantryPullRequest IN (${known.join(', ')})`);
    } catch (error) {
      if (!isUnknownAttribute(error)) throw error;
      withoutUntil = Date.now() + absence;
      return byMemo(keys);
    }
  };
}

const base = "WorkflowType = 'promotion' AND ExecutionStatus = 'Running'";

async function list(client: Client, query: string): Promise<readonly RingablePromotion[]> {
  const found: RingablePromotion[] = [];
  await client.withDeadline(Date.now() + patience, async () => {
    for await (const execution of client.workflow.list({ query, pageSize: 1000 })) {
      found.push(toRingable(execution));
      if (found.length >= mostFound) break;
    }
  });
  return found;
}

function toRingable({ workflowId, typedSearchAttributes, memo }: WorkflowExecutionInfo): RingablePromotion {
  const named = typedSearchAttributes.get({ name: 'GantryPullRequest', type: 'KEYWORD_LIST' });
  const noted: unknown = isObject(memo) ? memo['pullRequests'] : undefined;
  const pullRequests = named ?? (Array.isArray(noted) ? (noted as readonly unknown[]).map(String) : []);
  const [, byId = ''] = /^promotion\/([^/]+)\//.exec(workflowId) ?? [];
  const project = typedSearchAttributes.get({ name: 'GantryProject', type: 'KEYWORD' }) ?? byId;
  return { workflowId, project, pullRequests };
}

/** Of gRPC. */
const invalidArgument = 3;

function isUnknownAttribute(error: unknown): boolean {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code: unknown = isGrpcServiceError(cause) ? cause.code : undefined;
  return code === invalidArgument;
}

/** Milliseconds, but for `mostFound`. */
const [patience, listLifetime, absence, mostFound] = [3000, 500, 60_000, 10_000];

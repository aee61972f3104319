import { isGrpcServiceError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { Unreachable, InvalidInput } from './errors.ts';
import { fewAtATime } from './few-at-a-time.ts';
import { instantOfName, isOpen, pickPromotion } from './find-promotion.ts';
import { matches, visibilityQuery, type PromotionFilter } from './promotion-query.ts';
import { toRow, type PromotionRow } from './promotion-row.ts';
import type { PromotionStatus } from '../core/promotion/status.ts';

/**
 * Which promotions there are, however they were started. Lists are for people: they lag behind by a moment. Rejects as
 * InvalidInput what the server does not understand, and as Unreachable when it does not answer.
 */
export interface PromotionDirectory {
  /** Those under way first, then the last that ended; at most `limit`. */
  list(filter: PromotionFilter, limit: number): Promise<PromotionList>;
  /** The one that a text names: a workflow id, a name, or a part of either that no other has. */
  find(text: string, options?: { readonly preferOpen?: boolean }): Promise<PromotionRow>;
  /** The same promotions with what they wait for, as far as workers tell it within the time. Never rejects. */
  look(rows: readonly PromotionRow[], patience: number): Promise<Look>;
  /** How long the namespace keeps what has ended, in milliseconds; undefined when the server does not say. */
  retention(): Promise<number | undefined>;
}

export interface PromotionList {
  readonly rows: readonly PromotionRow[];
  /** There are more than these. */
  readonly isCut: boolean;
}

export interface Look {
  readonly rows: readonly PromotionRow[];
  /** Those under way of which nobody could tell. */
  readonly unknown: number;
}

/** The directory of a client's namespace. */
export function createDirectory(client: Client): PromotionDirectory {
  return {
    list: (filter, limit) => translate(() => list(client, filter, limit)),
    find: (text, options) => translate(() => find(client, text, options)),
    look: (rows, patience) => look(client, rows, patience),
    async retention() {
      try {
        const { config } = await client.workflowService.describeNamespace({
          namespace: client.options.namespace,
        });
        const seconds = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0);
        return seconds > 0 ? seconds * 1000 : undefined;
      } catch {
        // Not everybody may ask.
        return undefined;
      }
    },
  };
}

async function list(client: Client, filter: PromotionFilter, limit: number): Promise<PromotionList> {
  const query = visibilityQuery(filter, await findAttributes(client));
  const rows: PromotionRow[] = [];
  for await (const execution of client.workflow.list({ query, pageSize: Math.min(1000, limit + 1) })) {
    const row = toRow(execution);
    if (execution.type !== 'promotion' || !matches(row, filter)) continue;
    if (rows.length === limit) return { rows, isCut: true };
    rows.push(row);
  }
  return { rows, isCut: false };
}

async function find(
  client: Client,
  text: string,
  options?: { readonly preferOpen?: boolean },
): Promise<PromotionRow> {
  if (text.trim() === '') throw new InvalidInput('Say which promotion: its id is missing');
  const ids = /^[^/]+\/[^/]+\/[^/]+$/.test(text) ? [text, `promotion/${text}`] : [text];
  for (const id of ids) {
    const row = await describe(client, id);
    if (row) return row;
  }
  const instant = instantOfName(text);
  const { rows } = await list(client, instant ? around(instant) : {}, mostSearched);
  return pickPromotion(text, rows, options);
}

/** Promotions that a part of an id is looked for in: those under way, and the last that ended. */
const mostSearched = 2000;

/** A name is made by the client, the start is the server's; their clocks may differ. */
function around(instant: Date): PromotionFilter {
  const hour = 3_600_000;
  return { since: new Date(instant.getTime() - hour), until: new Date(instant.getTime() + hour) };
}

/** The promotion of exactly this workflow id, which lists may not know yet. */
async function describe(client: Client, workflowId: string): Promise<PromotionRow | undefined> {
  if (Buffer.byteLength(workflowId) > longestId) return undefined;
  try {
    const execution = await client.workflow.getHandle(workflowId).describe();
    if (execution.type === 'promotion') return toRow(execution);
    throw new InvalidInput(`${workflowId} is no promotion: it is a workflow of type ${execution.type}`);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** Bytes that Temporal takes. */
const longestId = 1000;

/** Ours that are registered; all of them when nobody may ask, as then the query itself will tell. */
async function findAttributes(client: Client): Promise<ReadonlySet<string>> {
  const { namespace } = client.options;
  try {
    const { customAttributes } = await client.connection.operatorService.listSearchAttributes({ namespace });
    return new Set(Object.keys(customAttributes ?? {}));
  } catch {
    return new Set(['GantryProject', 'GantryStage', 'GantryFreight', 'GantryPhase', 'GantryActor']);
  }
}

async function look(client: Client, rows: readonly PromotionRow[], patience: number): Promise<Look> {
  const deadline = Date.now() + patience;
  const seen = await fewAtATime(rows, looksAtOnce, async (row) =>
    isOpen(row) && Date.now() < deadline ? lookAt(client, row, deadline) : undefined,
  );
  const unknown = rows.filter((row, index) => isOpen(row) && !seen[index]).length;
  return { rows: rows.map((row, index) => seen[index] ?? row), unknown };
}

const looksAtOnce = 8;

async function lookAt(
  client: Client,
  row: PromotionRow,
  deadline: number,
): Promise<PromotionRow | undefined> {
  try {
    const handle = client.workflow.getHandle(row.workflowId);
    const status = await client.withDeadline(deadline, () => handle.query<PromotionStatus>('status'));
    const { phase, waitingFor } = status;
    return { ...row, phase, ...(waitingFor && { waitingFor }) };
  } catch {
    return undefined;
  }
}

/** Says whether the query is to blame, or the server. */
async function translate<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    if (!isGrpcServiceError(cause)) throw error;
    const code: number = cause.code;
    if (code === invalidArgument) {
      throw new InvalidInput(`Temporal refuses the query: ${cause.details}`, { cause: error });
    }
    if (code !== unavailable && code !== deadlineExceeded) throw error;
    throw new Unreachable(`Temporal does not answer any more: ${cause.details}`, { cause: error });
  }
}

/** Of gRPC. */
const [invalidArgument, deadlineExceeded, unavailable] = [3, 4, 14];

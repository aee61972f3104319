import type { Control, ControlCalls } from '../../core/promotion/control.ts';
import { messageOf } from '../../core/errors.ts';
import { InvalidInput } from '../errors.ts';
import { fewAtATime } from '../few-at-a-time.ts';
import { isOpen } from '../find-promotion.ts';
import type { Session } from '../open-promotions.ts';
import { plainText } from '../present/width.ts';
import type { PromotionRow } from '../promotion-row.ts';
import type { Call } from './command.ts';
import type { ControlOptions } from './define-control.ts';
import { exitCodes } from './exit-codes.ts';
import { workerNeeded } from './explain-control.ts';
import { parseFilter } from './filter-options.ts';
import { printResult } from './output.ts';
import { promotionTable } from './promotion-table.ts';
import { formatTable } from './table.ts';

/** Sends an update to all promotions under way that the filter finds, after a look at them and a yes. */
export async function controlMany<Kind extends Control>(
  call: Call<ControlOptions>,
  session: Session,
  kind: Kind,
  update: ControlCalls[Kind],
): Promise<number> {
  const rows = await findOpen(call, session);
  if (rows.length > 0 && !(await isAgreed(call, kind, rows))) {
    call.terminal.err.write('Nothing was changed.\n');
    return exitCodes.failed;
  }
  const results = await sendAll(session, kind, update, rows);
  await printResult(call, results, () => report(results));
  return results.every(({ accepted }) => accepted) ? exitCodes.succeeded : exitCodes.failed;
}

/** Nobody looks through more than these. */
const mostAtOnce = 1000;

async function findOpen(
  { options }: Call<ControlOptions>,
  { directory }: Session,
): Promise<readonly PromotionRow[]> {
  const filter = { ...parseFilter(options, Date.now()), phase: 'Running' } as const;
  const { rows, isCut } = await directory.list(filter, mostAtOnce);
  if (isCut) throw new InvalidInput(`These are more than ${mostAtOnce} promotions: say more closely which`);
  const seen = await directory.look(rows, 3000);
  // A list lags behind: meanwhile some may have ended.
  return seen.rows.filter(isOpen);
}

async function isAgreed(
  { options, terminal }: Call<ControlOptions>,
  kind: Control,
  rows: readonly PromotionRow[],
): Promise<boolean> {
  terminal.err.write(promotionTable(rows, Date.now()));
  if (options.yes) return true;
  if (!terminal.ask) throw new InvalidInput(`Nobody is there to ask: add --yes to ${kind} all of these`);
  const these = rows.length === 1 ? 'this promotion' : `these ${rows.length} promotions`;
  const answer = await terminal.ask(`Do you want to ${kind} ${these}? [y/N] `);
  return /^y(es)?$/i.test(answer.trim());
}

interface Result {
  readonly workflowId: string;
  readonly operation: Control;
  readonly accepted: boolean;
  /** Why not. */
  readonly message?: string;
}

/** A few at a time: the server takes no more at once gladly. */
const sendersAtOnce = 8;

async function sendAll<Kind extends Control>(
  { controls }: Session,
  kind: Kind,
  update: ControlCalls[Kind],
  rows: readonly PromotionRow[],
): Promise<readonly Result[]> {
  return fewAtATime(rows, sendersAtOnce, async (row) => {
    const send = async () => (kind === 'refresh' ? controls.lookNow(row) : controls.send(row, kind, update));
    const message = await whyNot(send, kind);
    return {
      workflowId: row.workflowId,
      operation: kind,
      accepted: message === undefined,
      ...(message !== undefined && { message }),
    };
  });
}

/** One that cannot be reached must not hide what became of the others. */
async function whyNot(
  send: () => ReturnType<Session['controls']['send']>,
  kind: Control,
): Promise<string | undefined> {
  try {
    const answer = await send();
    if (answer.kind === 'accepted') return undefined;
    return answer.kind === 'refused' ? answer.message : workerNeeded(kind);
  } catch (error) {
    return messageOf(error);
  }
}

function report(results: readonly Result[]): string {
  if (results.length === 0) return 'No promotion under way is among these.\n';
  return formatTable(
    ['PROMOTION', 'RESULT', 'WHY'],
    results.map(({ workflowId, accepted, message = '' }) =>
      [workflowId, accepted ? 'accepted' : 'refused', message].map((cell) =>
        plainText(cell).replaceAll('\n', ' '),
      ),
    ),
  );
}

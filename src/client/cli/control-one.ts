import type { Control, ControlCalls } from '../../core/promotion/control.ts';
import type { PromotionStatus } from '../../core/promotion/status.ts';
import { InvalidInput } from '../errors.ts';
import { isOpen } from '../find-promotion.ts';
import type { Session } from '../open-promotions.ts';
import type { Call } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { explainNext, workerNeeded } from './explain-control.ts';
import { printResult } from './output.ts';
import { commandAbout } from './promotion-argument.ts';

/** Sends an update to the promotion that the first argument names, and says what happened and what comes next. */
export async function controlOne<Kind extends Control>(
  call: Call,
  { directory, controls }: Session,
  kind: Kind,
  update: ControlCalls[Kind],
): Promise<number> {
  const row = await directory.find(call.args[0] ?? '', { preferOpen: true });
  const { workflowId } = row;
  if (!isOpen(row)) {
    throw new InvalidInput(`${workflowId}: cannot ${kind}: the promotion has already ended: ${row.phase}`);
  }
  const answer = await controls.send(row, kind, update);
  if (answer.kind === 'refused') throw new InvalidInput(`${workflowId}: ${answer.message}`);
  if (answer.kind === 'unanswered') {
    call.terminal.err.write(`${workflowId}: ${workerNeeded(kind)}\n`);
    return exitCodes.failed;
  }
  const { status } = answer;
  const result = { workflowId, operation: kind, accepted: true, ...stateOf(status) };
  await printResult(call, result, () => {
    const { actor, reason } = update;
    const by = reason ? `by ${actor}: ${reason}` : `by ${actor}`;
    const follow = commandAbout('watch', row, call.settings);
    return `${workflowId}: ${kind} accepted, ${by}\n${explainNext(kind, status)} Follow it: ${follow}\n`;
  });
  return exitCodes.succeeded;
}

function stateOf(status: PromotionStatus | undefined): Partial<PromotionStatus> {
  if (!status) return {};
  const { name, phase, waitingFor, paused } = status;
  return { name, phase, ...(waitingFor && { waitingFor }), ...(paused && { paused }) };
}

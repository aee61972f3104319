import { formatDuration } from '../../core/duration.ts';
import type { Decision } from '../../core/promotion/control.ts';
import type { JsonObject } from '../../core/json.ts';
import { isObject } from '../../core/json.ts';
import { count } from '../explain-problems.ts';
import { changesBetween } from '../changes.ts';
import type { SeenRecord, SeenStatus } from '../pending.ts';
import type { PromotionDetail } from '../promotion-detail.ts';
import { drawSteps } from './draw.ts';
import type { Paint } from './paint.ts';
import { applyEvent, emptyView } from './view.ts';
import { plainText } from './width.ts';
import { decisionText, definitionsText, freightText, heldText, waitingText } from './words.ts';

/** How to draw the detail of a promotion. */
export interface DetailDrawing {
  readonly paint: Paint;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** In the Temporal Web UI. */
  readonly url?: string | undefined;
  /** Command lines that answer a promotion that is held. */
  readonly answers?: readonly string[];
}

/** A promotion as people look it up: facts, steps with their attempts and links, what it waits for, who did what. */
export function drawDetail(detail: PromotionDetail, drawing: DetailDrawing): string {
  const { status, note } = detail;
  const parts = [
    drawFacts(detail, drawing),
    ...(status
      ? [drawStatusSteps(status, drawing), drawAttempts(status, drawing), drawLinks(status, drawing)]
      : []),
    ...(status ? [drawDecisions(status, drawing), drawWait(status, drawing)] : []),
    note ? plainText(note).split('\n') : [],
  ];
  const filled = parts.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function drawFacts({ row, status }: PromotionDetail, { paint, url }: DetailDrawing): string[] {
  const { workflowId, project, stage, startedAt, finishedAt, actor, phase, freight } = row;
  const took = finishedAt ? `, took ${formatDuration(Date.parse(finishedAt) - Date.parse(startedAt))}` : '';
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Promotion', workflowId],
    ['Name', workflowId.endsWith(`/${status?.name}`) ? undefined : (status?.name ?? row.name)],
    ['Project', status?.project ?? project],
    ['Stage', status?.stage ?? stage],
    ['Freight', status?.freight ? freightText(status.freight) : freight],
    ['Phase', status && phase === 'Running' ? status.phase : phase],
    ['Message', status?.message],
    ['Actor', status?.actor ?? actor],
    ['Started', startedAt],
    ['Ended', finishedAt && `${finishedAt}${took}`],
    ['Definitions', status?.definitions && definitionsText(status.definitions)],
    ['Web UI', url],
  ];
  return facts.flatMap(([title, value]) => {
    if (!value) return [];
    const indented = plainText(value)
      .trimEnd()
      .replaceAll('\n', `\n${' '.repeat(13)}`);
    return [`${paint('bold', title.padEnd(12))} ${indented}`];
  });
}

function drawStatusSteps(status: SeenStatus, { paint, now }: DetailDrawing): readonly string[] {
  const view = changesBetween(undefined, status).reduce(applyEvent, emptyView);
  const lines = drawSteps(view, { paint, now });
  return lines.length > 0 ? [paint('bold', 'Steps'), ...lines] : [];
}

function drawAttempts({ stepExecutionMetadata }: SeenStatus, { paint }: DetailDrawing): string[] {
  const lines = stepExecutionMetadata.flatMap(attemptLines);
  return lines.length > 0 ? [paint('bold', 'Attempts'), ...lines] : [];
}

/** What a step went through, oldest first. */
function attemptLines({ alias, earlier = [], journal, log, retryAt }: SeenRecord): string[] {
  const ends = earlier.map(({ status, message, finishedAt }) =>
    logLine(finishedAt, `${status}${message ? `: ${message}` : ''}`),
  );
  const errors = (journal?.recent ?? []).map(({ at, message }) => logLine(at, message));
  const next = retryAt ? [logLine(retryAt, 'tries again')] : [];
  const printed = log ? ['    printed:', ...log.trimEnd().split('\n').map(printedLine)] : [];
  const lines = [...ends, ...errors, ...next, ...printed];
  if (lines.length === 0) return [];
  const counts = journal ? `: ${count(journal.looks, 'look')}, ${count(journal.errors, 'error')}` : '';
  return [`  ${plainText(alias)}${counts}`, ...lines];
}

function printedLine(line: string): string {
  return `      ${plainText(line)}`;
}

function logLine(at: string | undefined, text: string): string {
  const indented = plainText(text).trimEnd().replaceAll('\n', '\n        ');
  return `    ${at ? `${at}  ` : ''}${indented}`;
}

/** What steps left behind that can be looked at in a browser. */
function drawLinks({ state = {} }: SeenStatus, { paint }: DetailDrawing): string[] {
  const links = Object.entries(state).flatMap(([alias, output]) =>
    urlsOf(output ?? {}).map((url) => `  ${plainText(alias)}  ${plainText(url)}`),
  );
  return links.length > 0 ? [paint('bold', 'Links'), ...links] : [];
}

function urlsOf(output: JsonObject): readonly string[] {
  const nested = Object.values(output).flatMap((value) => (isObject(value) ? Object.values(value) : [value]));
  const urls = nested.filter((value) => typeof value === 'string' && /^https?:\/\/\S{1,500}$/.test(value));
  return [...new Set(urls as string[])].slice(0, 5);
}

function drawDecisions({ decisions = [] }: SeenStatus, { paint }: DetailDrawing): string[] {
  if (decisions.length === 0) return [];
  return [
    paint('bold', 'Decisions'),
    ...decisions.map((decision) => `  ${decision.at}  ${explain(decision)}`),
  ];
}

function explain({ kind, at, actor, reason, step }: Decision): string {
  const by = { actor, at, ...(reason && { reason }) };
  if (kind === 'pause') return decisionText({ kind: 'paused', ...by });
  if (kind === 'resume') return decisionText({ kind: 'resumed', ...by });
  return decisionText({ kind: 'decided', decision: kind, ...by, ...(step && { step }) });
}

function drawWait({ waitingFor, paused }: SeenStatus, { paint, answers = [] }: DetailDrawing): string[] {
  if (waitingFor?.kind === 'decision') {
    const since = `${heldText(waitingFor)}, since ${waitingFor.since}`;
    return [paint('yellow', since), ...answers.map((command) => `  ${command}`)];
  }
  if (waitingFor) return [paint('yellow', `${waitingText(waitingFor)}, since ${waitingFor.since}`)];
  if (!paused) return [];
  return [
    paint('yellow', `paused by ${plainText(paused.actor)}: no further step begins, since ${paused.since}`),
  ];
}

import { formatDuration } from '../../core/duration.ts';
import type { PushedCommit } from '../../core/promotion/status.ts';
import { unreachable } from '../unreachable.ts';
import type { Paint } from './paint.ts';
import type { StepView, View } from './view.ts';
import { plainText, widthOf } from './width.ts';
import { decisionText, endText, heldText, planText, signs, waitingText, workerMissing } from './words.ts';

/** How to draw. */
export interface Drawing {
  readonly paint: Paint;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Most lines; steps far from the one under way are left out first. Absent = all of them, messages in full. */
  readonly height?: number;
}

/** A promotion as lines for people: head, a line for each step with its details, and how it stands. */
export function drawView(view: View, drawing: Drawing): readonly string[] {
  const head = drawHead(view, drawing);
  const foot = drawFoot(view, drawing);
  const blocks = drawBlocks(view, drawing);
  const room = (drawing.height ?? Infinity) - head.length - foot.length;
  return [...head, ...fitBlocks(blocks, activeStep(view), room, drawing.paint), ...foot];
}

/** The steps alone, one below the other. */
export function drawSteps(view: View, drawing: Drawing): readonly string[] {
  return drawBlocks(view, drawing).flat();
}

function drawBlocks({ steps }: View, drawing: Drawing): readonly (readonly string[])[] {
  const widths = columnsOf(steps);
  return steps.map((step) => drawStep(step, widths, drawing));
}

function drawHead({ workflowId, url, plan }: View, { paint }: Drawing): string[] {
  const title = (text: string): string => paint('bold', text.padEnd(11));
  return [
    `${title('Promotion')}${plainText(workflowId)}`,
    ...(url ? [`${title('Web UI')}${url}`] : []),
    ...(plan ? [`${title('Freight')}${planText(plan)}`] : []),
  ];
}

function drawStep(step: StepView, [alias, uses]: readonly [number, number], drawing: Drawing): string[] {
  const { paint } = drawing;
  const facts = factsOf(step, drawing);
  const cells = [
    pad(plainText(step.alias), alias),
    paint('dim', pad(plainText(step.uses ?? ''), uses)),
    facts,
  ];
  const name = `  ${signOf(step, drawing)} ${cells.filter((cell) => widthOf(cell) > 0).join('  ')}`;
  const line = step.state === 'pending' ? paint('dim', name.trimEnd()) : name.trimEnd();
  return [line, ...drawMessage(step, drawing), ...step.commits.map((commit) => drawCommit(commit, paint))];
}

function signOf({ state, waiting, errors }: StepView, { paint, now, height }: Drawing): string {
  if (state === 'pending') return '·';
  if (state !== 'Running') return paint(signs[state][1], signs[state][0]);
  if (waiting || height === undefined) return paint('yellow', '…');
  return paint(errors ? 'yellow' : 'cyan', spinner[Math.floor(now / spinnerPause) % spinner.length]!);
}

/** Time, state and errors of a step. */
function factsOf({ state, startedAt, duration, errors, retryAt }: StepView, { paint, now }: Drawing): string {
  const facts: string[] = [];
  if (state === 'Running' && startedAt !== undefined) facts.push(formatSeconds(now - startedAt));
  if (duration !== undefined) facts.push(paint('dim', formatDuration(duration)));
  if (state !== 'Running' && state !== 'pending' && state !== 'Succeeded') facts.push(state);
  if (errors > 0) facts.push(paint('yellow', errors === 1 ? '1 error' : `${errors} errors`));
  if (state === 'Running' && retryAt !== undefined && retryAt > now) {
    facts.push(paint('yellow', `again in ${formatSeconds(retryAt - now + 999)}`));
  }
  return facts.join('  ');
}

/** Why it failed or waits; while the view is live, one line must do. */
function drawMessage({ state, message, waiting }: StepView, { paint, height }: Drawing): string[] {
  const text = state === 'Succeeded' || state === 'Skipped' ? undefined : (waiting ?? message);
  if (!text) return [];
  const lines = plainText(text).trimEnd().split('\n');
  const ink = state === 'Running' ? 'yellow' : 'red';
  return (height === undefined ? lines : lines.slice(0, 1)).map((line) => `      ${paint(ink, line)}`);
}

function drawCommit({ branch, sha, url, repoURL }: PushedCommit, paint: Paint): string {
  return `      ${plainText(branch)} ${paint('cyan', sha.slice(0, 12))} ${plainText(url ?? repoURL)}`;
}

function drawFoot({ trouble, waitingFor, held, decision, end }: View, { paint }: Drawing): string[] {
  const lines: string[] = [];
  if (decision) lines.push(`  ${decisionText(decision).split('\n')[0]!}`);
  if (held)
    lines.push(
      paint('yellow', `  … ${heldText(held)}`),
      ...(held.answers ?? []).map((command) => `      ${command}`),
    );
  if (waitingFor && waitingFor.kind !== 'step') lines.push(paint('yellow', `  … ${waitingText(waitingFor)}`));
  if (trouble?.kind === 'worker-missing') lines.push(paint('yellow', `  … ${workerMissing}`));
  if (trouble?.kind === 'connection-lost') {
    const why = plainText(trouble.message).split('\n')[0]!;
    lines.push(paint('yellow', `  ! lost the connection to Temporal, trying again: ${why}`));
  }
  return end ? [...lines, ...drawEnd(end, paint)] : lines;
}

function drawEnd(end: NonNullable<View['end']>, paint: Paint): string[] {
  switch (end.kind) {
    case 'finished':
      return endText(end.status, paint).split('\n');
    case 'refused':
    case 'lost':
      return plainText(end.message)
        .split('\n')
        .map((line) => paint('red', line));
    default:
      return unreachable(end);
  }
}

/** The blocks around the active one, as many as there is room for, and how many there are besides. */
function fitBlocks(
  blocks: readonly (readonly string[])[],
  active: number,
  room: number,
  paint: Paint,
): readonly string[] {
  if (blocks.flat().length <= room) return blocks.flat();
  let [first, last] = [active, active];
  const heightWith = (from: number, to: number): number =>
    blocks.slice(from, to + 1).flat().length + (from > 0 ? 1 : 0) + (to < blocks.length - 1 ? 1 : 0);
  for (;;) {
    if (last + 1 < blocks.length && last - active <= active - first && heightWith(first, last + 1) <= room)
      last += 1;
    else if (first > 0 && heightWith(first - 1, last) <= room) first -= 1;
    else if (last + 1 < blocks.length && heightWith(first, last + 1) <= room) last += 1;
    else break;
  }
  const more = (count: number): string[] =>
    count > 0 ? [paint('dim', `  ${count} more ${count === 1 ? 'step' : 'steps'}`)] : [];
  return [...more(first), ...blocks.slice(first, last + 1).flat(), ...more(blocks.length - 1 - last)];
}

/** The step under way, else the last that ended. */
function activeStep({ steps }: View): number {
  const running = steps.findIndex(({ state }) => state === 'Running');
  if (running >= 0) return running;
  return Math.max(
    0,
    steps.findLastIndex(({ state }) => state !== 'pending'),
  );
}

/** Columns of aliases and kinds; very long ones do not push everything else aside. */
function columnsOf(steps: readonly StepView[]): readonly [number, number] {
  const widest = (texts: readonly string[]): number => Math.min(40, Math.max(0, ...texts.map(widthOf)));
  return [widest(steps.map(({ alias }) => alias)), widest(steps.map(({ uses = '' }) => uses))];
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

function formatSeconds(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return seconds === 0 ? '0s' : formatDuration(seconds * 1000);
}

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Milliseconds each of them is shown. */
export const spinnerPause = 100;

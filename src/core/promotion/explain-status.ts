import { cutText } from './size.ts';
import type { Plan } from './plan.ts';
import type { PromotionStatus, PushedCommit, StepRecord } from './status.ts';

/**
 * A promotion as Markdown for people who look at it in Temporal's Web UI: what it promotes, how far it is, and a table of
 * its steps with links. At most 20,000 characters.
 */
export function explainStatus(status: PromotionStatus, plan?: Plan): string {
  const parts = [
    headline(status),
    waiting(status),
    pausing(status),
    table(status, plan),
    decided(status),
    warnings(plan),
  ];
  return cutText(parts.filter(Boolean).join('\n\n'), 20_000);
}

function headline({ stage, project, phase, freight, actor, message }: PromotionStatus): string {
  const what = freight ? ` ${cell(freight.alias)} (${cell(freight.name.slice(0, 7))})` : '';
  const who = actor ? ` for ${cell(actor)}` : '';
  const line = `**${phase}**:${what} to ${cell(stage)} of ${cell(project)}${who}`;
  return message ? `${line}\n\n${quote(message)}` : line;
}

function waiting({ waitingFor }: PromotionStatus): string {
  if (!waitingFor) return '';
  switch (waitingFor.kind) {
    case 'turn':
      return `Waits for its turn since ${waitingFor.since}.`;
    case 'step':
      return `Waits at step ${cell(waitingFor.step)} since ${waitingFor.since}.`;
    case 'decision':
      return `**Held** at step ${cell(waitingFor.step)} since ${waitingFor.since}: decide to ${waitingFor.options.join(', ')}.`;
    default:
      return '';
  }
}

function pausing({ paused, waitingFor }: PromotionStatus): string {
  if (!paused) return '';
  const who = `by ${cell(paused.actor)} since ${paused.since}${paused.reason ? `: ${cell(paused.reason)}` : ''}`;
  return waitingFor?.kind === 'resume' ? `**Paused** ${who}.` : `To be paused before the next step, ${who}.`;
}

/** The newest decisions of people. */
function decided({ decisions = [] }: PromotionStatus): string {
  const lines = decisions.slice(-10).map(({ at, kind, actor, reason, step }) => {
    const what = `${kind}${step ? ` ${cell(step)}` : ''}${reason ? `: ${cell(reason)}` : ''}`;
    return `- ${at} ${cell(actor)}: ${what}`;
  });
  return lines.join('\n');
}

function table({ stepExecutionMetadata, commits }: PromotionStatus, plan?: Plan): string {
  const records = new Map(stepExecutionMetadata.map((record) => [record.alias, record]));
  const steps = plan?.steps ?? [];
  if (steps.length === 0) return '';
  const rows = steps.map(({ alias, uses, summary }) => {
    const links = commits.filter(({ step }) => step === alias).map(link);
    const record = records.get(alias);
    return row(state(record), alias, uses, record?.message ?? summary, links.join(' '));
  });
  return ['| State | Step | Kind | What | Result |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}

function warnings(plan?: Plan): string {
  return (plan?.warnings ?? []).map((warning) => `- ${cell(warning)}`).join('\n');
}

function row(state: string, alias: string, uses: string, what: string, links: string): string {
  return `| ${[state, cell(alias), cell(uses), cell(what), links].join(' | ')} |`;
}

function state(record: StepRecord | undefined): string {
  if (!record?.status) return '';
  const { status, errorCount, earlier = [] } = record;
  const notes = [
    ...(errorCount > 0 ? [`${errorCount} errors`] : []),
    ...(earlier.length > 0 ? [`before: ${earlier.map((end) => end.status).join(', ')}`] : []),
  ];
  return notes.length > 0 ? `${status} (${notes.join('; ')})` : status;
}

function link({ sha, branch, url }: PushedCommit): string {
  const text = `${cell(branch)}@${cell(sha.slice(0, 7))}`;
  return url && /^https?:\/\/[^\s()<>|]+$/.test(url) ? `[${text}](${url})` : text;
}

/** One table cell: a line of plain text, whatever the user wrote. */
function cell(text: string): string {
  // Most are, and this is asked for every cell at every change.
  if (text.length <= 200 && plainLine.test(text)) return text;
  return cutText(text.replace(/\s+/g, ' ').trim(), 200).replace(/[\\`*_[\]<>|]/g, '\\$&');
}

const plainLine = /^(?:[A-Za-z0-9/:.,;='-]+(?: [A-Za-z0-9/:.,;='-]+)*)?$/;

function quote(text: string): string {
  const lines = cutText(text, 2000).split('\n').slice(0, 20);
  return lines.map((line) => `> ${line.replace(/[\\`*_[\]<>|]/g, '\\$&')}`).join('\n');
}

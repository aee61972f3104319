import type { StepTraits } from '../promotion/plan.ts';
import { listFields, listRules, type FieldRow } from './field-list.ts';

/** A step, as its page shows it. */
export interface DescribedStep extends StepTraits {
  readonly kind: string;
  readonly summary: string;
  readonly description?: string;
  readonly config: object;
  readonly outputs?: object;
  readonly tools?: readonly string[];
  /** Limit when the user sets none, for people: `5m0s`. */
  readonly timeout?: string;
  readonly examples: readonly { readonly title: string; readonly yaml: string }[];
}

/** The page of a step in Markdown. */
export function renderStepPage(step: DescribedStep): string {
  const sections = [
    generatedNote,
    `# \`${step.kind}\``,
    step.summary,
    step.description,
    '## Config',
    renderConfig(step),
    '## Output',
    renderOutput(step),
    '## How it runs',
    renderTraits(step),
    '## Examples',
    ...step.examples.flatMap(({ title, yaml }) => [`${title}:`, `\`\`\`yaml\n${yaml.trimEnd()}\n\`\`\``]),
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}

/** The list of all pages in Markdown. */
export function renderStepIndex(
  steps: readonly { readonly kind: string; readonly summary: string }[],
): string {
  const rows = steps.map(({ kind, summary }) => `| [\`${kind}\`](${kind}.md) | ${escape(summary)} |`);
  const intro =
    'Every kind of step that `uses:` can name. Any field of a config may hold expressions (`${{ … }}`): what is written is ' +
    'checked before the promotion starts, what expressions make of it right before the step runs.';
  return (
    [generatedNote, '# Steps', intro, ['| Step | What it does |', '| --- | --- |', ...rows].join('\n'), '']
      .join('\n\n')
      .trimEnd() + '\n'
  );
}

const generatedNote = '<!-- Made by `npm run generate` from the declaration of the step. -->';

function renderConfig({ config }: DescribedStep): string {
  const fields = listFields(config);
  const isFree = (config as { additionalProperties?: unknown }).additionalProperties === true;
  if (fields.length === 0) return isFree ? 'Any keys with any values, at least one.' : 'None.';
  const head = ['| Field | Type | Required | Default | Description |', '| --- | --- | --- | --- | --- |'];
  const rules = listRules(config).map((rule) => `- ${rule[0]!.toUpperCase()}${rule.slice(1)}.`);
  const table = [...head, ...fields.map(renderField)].join('\n');
  return rules.length > 0 ? `${table}\n\n${rules.join('\n')}` : table;
}

function renderField({ name, type, isRequired, isDeprecated, description, ...field }: FieldRow): string {
  const value = field.default === undefined ? '' : `\`${JSON.stringify(field.default).replaceAll('"', '')}\``;
  const text = `${isDeprecated ? '**Deprecated.** ' : ''}${escape(description)}`;
  return `| \`${name}\` | ${escape(type)} | ${isRequired ? 'yes' : ''} | ${value} | ${text} |`;
}

function renderOutput({ outputs, propagates }: DescribedStep): string {
  if (propagates) return 'The config, evaluated.';
  const fields = outputs ? listFields(outputs) : [];
  if (fields.length === 0) return 'None.';
  const rows = fields.map(({ name, type, isRequired, description }) => {
    return `| \`${name}\` | ${escape(type)} | ${isRequired ? 'yes' : ''} | ${escape(description)} |`;
  });
  return ['| Key | Type | Always | Description |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function renderTraits({ place, effect, repeatable, tools = [], timeout }: DescribedStep): string {
  const again = repeatable
    ? 'Running it again does no harm: an attempt that was cut off is repeated.'
    : 'It is not repeated by itself when an attempt was cut off.';
  const facts = [
    places[place],
    `${effects[effect]} ${again}`,
    tools.length > 0
      ? `Needs ${tools.map((tool) => `\`${tool}\``).join(' and ')} on the worker; checked before the promotion starts.`
      : '',
    timeout
      ? `Gives up after ${timeout} unless \`retry.timeout\` says otherwise.`
      : 'Has no time limit unless `retry.timeout` sets one.',
    'A config that does not fit ends it as Failed and is never tried again. Other errors count towards `retry.errorThreshold`.',
  ];
  return facts
    .filter(Boolean)
    .map((fact) => `- ${fact}`)
    .join('\n');
}

const places: Readonly<Record<StepTraits['place'], string>> = {
  anywhere: 'Runs on any worker; needs no files.',
  io: 'Runs on any worker; may wait for long.',
  workspace:
    "Runs on the worker that holds the promotion's files. Paths are relative to their folder and cannot leave it.",
};

const effects: Readonly<Record<StepTraits['effect'], string>> = {
  none: 'Changes nothing.',
  workspace: 'Changes files of the workspace only.',
  external: 'Changes something outside the workspace.',
};

function escape(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

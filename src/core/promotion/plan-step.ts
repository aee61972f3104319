import { proposeValue } from './propose-value.ts';
import { suggest } from '../did-you-mean.ts';
import { shorten, type Locate } from '../fields.ts';
import { formatPath, type JsonPath } from '../json.ts';
import type { Problem } from '../problem.ts';
import { varFunctions } from '../template/functions/index.ts';
import type { StepCatalogue, StepKind } from './catalogue.ts';
import { checkTexts } from './check-texts.ts';
import type { InflatedStep } from './inflate.ts';
import type { SourceRetry, SourceStep, SourceVariable } from './parse-steps.ts';
import type { PlannedStep, Retry, Variable } from './plan.ts';
import { cutText } from './size.ts';

/** A step as the interpreter runs it. */
export function planStep(inflated: InflatedStep, kind: StepKind): PlannedStep {
  const { source, alias, vars, task } = inflated;
  const { effect, changesFiles, channels, reads, propagates } = kind;
  const retry = planRetry(inflated, kind);
  return {
    alias,
    ...(task !== undefined && { task }),
    uses: kind.kind,
    summary: cutText(`${alias}: ${kind.summary}`.replace(/\s+/g, ' '), maximumSummary),
    ...(source.if !== undefined && { if: source.if }),
    ...planReferences(inflated),
    vars: vars.map(plainVar),
    config: source.config,
    ...(!source.isConfigured && { unconfigured: true }),
    retry,
    place: kind.place,
    effect,
    repeatable: kind.repeatable,
    ...kind.traits?.(source.config, retry),
    ...(changesFiles && { changesFiles }),
    ...(channels && { channels }),
    ...(reads && { reads }),
    ...(propagates !== undefined && { propagates }),
  };
}

/** Everything about the steps of a list that can be known before they run. Each goes by the alias in its own list. */
export function checkSteps(steps: readonly SourceStep[], catalogue: StepCatalogue): readonly Problem[] {
  return steps.flatMap((step, index) => checkStep(step, catalogue, steps.slice(index + 1)));
}

function checkStep(
  source: SourceStep,
  catalogue: StepCatalogue,
  following: readonly SourceStep[],
): readonly Problem[] {
  const { alias } = source;
  if (source.uses === undefined) return checkReference(source);
  const where = `step "${alias}" (${source.uses})`;
  const at = (...path: JsonPath) => [...source.path, ...path];
  const kind = catalogue.get(source.uses);
  return [
    ...(kind ? checkConfig(source, kind, where, following) : [unknownKind(source, catalogue)]),
    ...(source.if === undefined ? [] : checkCondition(source.if, at('if'), source.locate, where)),
    ...checkTexts(source.config, at('config'), source.locate, where),
    ...checkVars(source.vars, where),
  ];
}

function checkReference({ alias, if: condition, vars, path, locate }: SourceStep): readonly Problem[] {
  const where = `step "${alias}"`;
  return [
    ...(condition === undefined ? [] : checkCondition(condition, [...path, 'if'], locate, where)),
    ...checkVars(vars, where),
  ];
}

/** What is wrong with the expressions in variables. */
export function checkVars(vars: readonly SourceVariable[], where: string): readonly Problem[] {
  return vars.flatMap(({ name, value, path, locate }) =>
    checkTexts(value, path, locate, `${where}: variable "${name}"`, varFunctions),
  );
}

/** What Temporal's user interface shows in a line. */
const maximumSummary = 200;

/** What the references to tasks say, where they say more than which task. */
function planReferences({
  source,
  references,
}: InflatedStep): Pick<PlannedStep, 'continueOnError' | 'toleratedByTask' | 'references'> {
  const telling = references
    .filter((reference) => reference.if !== undefined || reference.continueOnError)
    .map(({ source: _source, vars, ...reference }) => ({ ...reference, vars: vars.map(plainVar) }));
  const isTolerated = references.some(({ continueOnError }) => continueOnError);
  return {
    continueOnError: source.continueOnError || isTolerated,
    ...(isTolerated && !source.continueOnError && { toleratedByTask: true as const }),
    ...(telling.length > 0 && { references: telling }),
  };
}

function plainVar({ name, value }: Variable): Variable {
  return { name, value };
}

/** What the step itself does not say, the nearest reference says, then the kind. */
function planRetry({ source, references }: InflatedStep, kind: StepKind): Retry {
  const retry = Object.assign(
    {},
    ...references.map((reference) => reference.source.retry),
    source.retry,
  ) as SourceRetry;
  const timeout = retry.timeout ?? kind.timeout ?? 0;
  const initial = retry.initial ?? 1000;
  return {
    errorThreshold: retry.errorThreshold ?? kind.errorThreshold ?? 1,
    ...(timeout > 0 && { timeout }),
    backoff: { initial, factor: retry.factor ?? 2, max: retry.max ?? Math.max(60_000, initial) },
  };
}

function checkConfig(
  source: SourceStep,
  kind: StepKind,
  where: string,
  following: readonly SourceStep[],
): readonly Problem[] {
  return kind.check(source.config).map(({ path, message, severity }) => {
    const field = formatPath(['config', ...path]);
    return {
      message: `${where}: ${field}: ${message}${proposeValue(source, path, following)}`,
      place: placeOf(source.locate, source.path, path),
      ...(severity && { severity }),
    };
  });
}

function placeOf(locate: Locate, step: JsonPath, path: JsonPath): Problem['place'] {
  return locate([...step, 'config', ...path], 'key');
}

function checkCondition(text: string, path: JsonPath, locate: Locate, where: string): readonly Problem[] {
  if (/\$\{[{%]/.test(text)) return checkTexts(text, path, locate, `${where}: if`);
  const message = `${where}: if: a text without \${{ }} is neither true nor false: the step will end as Errored`;
  return [{ message, place: locate(path), severity: 'warning' }];
}

function unknownKind(source: SourceStep, catalogue: StepCatalogue): Problem {
  const uses = source.uses ?? '';
  const hint = suggest(uses, catalogue.keys()) || `; known: ${[...catalogue.keys()].sort().join(', ')}`;
  return {
    message: `step "${source.alias}": there is no kind of step ${shorten(uses)}${hint}`,
    place: source.locate([...source.path, 'uses']),
  };
}

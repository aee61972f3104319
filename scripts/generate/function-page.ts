import { evaluateExpression, type Environment } from '../../src/core/expression/expression.ts';
import { encodeJson } from '../../src/core/expression/format/json.ts';
import { formatText } from '../../src/core/expression/format/text.ts';
import type { FunctionDeclaration } from '../../src/core/expression/function.ts';
import { builtinGroups } from '../../src/core/expression/functions/index.ts';
import { predicates } from '../../src/core/expression/predicates/index.ts';
import { AnyDict, Native, type Value } from '../../src/core/expression/values.ts';
import { discovered } from '../../src/core/template/functions/discovered/index.ts';
import { templateGroups } from '../../src/core/template/functions/index.ts';
import { createDiscoveredEnvironment, createExampleEnvironment } from './example-environment.ts';

/** A function as the page shows it. */
export interface ShownFunction {
  readonly name: string;
  readonly signature: string;
  readonly summary: string;
  readonly example: string;
  readonly environment: Environment;
}

/** Functions that belong together, and where they can be used. */
export interface FunctionGroup {
  readonly title: string;
  readonly text: string;
  readonly functions: readonly ShownFunction[];
}

/** How a function is written: `trim(text, characters?)`. */
function explainSignature({ name, parameters }: FunctionDeclaration): string {
  const list = parameters.map((parameter) => {
    return `${parameter.isRest ? '...' : ''}${parameter.label}${parameter.isOptional ? '?' : ''}`;
  });
  return `${name}(${list.join(', ')})`;
}

/** Every function there is, in the order of the page. */
export function listFunctions(): readonly FunctionGroup[] {
  const environment = createExampleEnvironment();
  const show = (declaration: FunctionDeclaration, where: Environment = environment): ShownFunction => ({
    ...declaration,
    signature: explainSignature(declaration),
    environment: where,
  });
  const conditions = [...predicates.values()].map((declaration) => ({
    ...declaration,
    signature: `${declaration.name}(list, predicate${declaration.isPredicateOptional ? '?' : ''}${declaration.extra ? `, ${declaration.extra}?` : ''})`,
    environment,
  }));
  return [
    ...group(templateTexts, templateGroups, show),
    { title: 'Lists, item by item', text: predicateText, functions: conditions },
    ...group(builtinTexts, builtinGroups, show),
    {
      title: 'Discovered artifacts',
      text: 'In the criteria for new Freight, which see nothing else.',
      functions: discovered.map((declaration) => show(declaration, createDiscoveredEnvironment())),
    },
  ];
}

/** The page of all functions, in Markdown. */
export function renderFunctionPage(): string {
  return `${[head, ...listFunctions().map(renderGroup)].join('\n\n')}\n`;
}

type Texts = Readonly<Record<string, readonly [title: string, text: string]>>;

const templateTexts: Texts = {
  freight: ['Freight', 'In vars, conditions and configs: what is promoted.'],
  statuses: ['Status', 'In conditions and configs: how earlier steps ended.'],
  data: ['Look-ups', 'In vars, conditions and configs: what stands outside of the promotion.'],
  quoting: ['Quoting', 'In every template: a result that looks like a number is one, unless it is quoted.'],
  versions: ['Versions', 'In every template.'],
  time: ['Time of the promotion', 'In vars, conditions and configs.'],
};

const builtinTexts: Texts = {
  strings: ['Texts', 'Positions count bytes of UTF-8, as in Go.'],
  lists: ['Lists', 'They give new lists.'],
  maps: ['Maps', 'In the order of their keys.'],
  numbers: ['Numbers', 'What comes from JSON is a fraction, also when it is whole.'],
  conversion: ['Conversion', 'Between kinds of values.'],
  time: ['Dates and times', 'Layouts are written as in Go: `2006-01-02 15:04:05`.'],
  bits: ['Bits', 'Of whole numbers.'],
};

const predicateText =
  'The second argument is evaluated for every item: `#` is the item, `.name` one of its fields, `#index` its position in `map` and `reduce`.';

const head = `<!-- Written by npm run generate from the declarations of the functions. -->

# Functions of expressions

How expressions work is told in [Expressions](expressions.md). Behind \`→\` stands what the example comes to, in a promotion of Freight \`wonky-wombat\` to Stage \`test\`. A \`?\` marks what can be left out.`;

function group(
  texts: Texts,
  groups: Readonly<Record<string, readonly FunctionDeclaration[]>>,
  show: (declaration: FunctionDeclaration) => ShownFunction,
): readonly FunctionGroup[] {
  return Object.entries(texts).map(([name, [title, text]]) => {
    return { title, text, functions: groups[name]!.map((declaration) => show(declaration)) };
  });
}

function renderGroup({ title, text, functions }: FunctionGroup): string {
  return [`## ${title}`, text, ...functions.map(renderFunction)].join('\n\n');
}

function renderFunction({ signature, summary, example, environment }: ShownFunction): string {
  const value = evaluateExpression(example, environment);
  return `### \`${signature}\`\n\n${summary}\n\n\`\`\`text\n${example}\n→ ${showValue(value)}\n\`\`\``;
}

function showValue(value: Value): string {
  return value instanceof AnyDict || (value instanceof Native && !value.type.name.startsWith('v1alpha1.'))
    ? formatText(value)
    : encodeJson(value);
}

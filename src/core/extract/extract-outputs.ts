import { ExpressionError, evaluateExpression } from '../expression/expression.ts';
import { encodeJson } from '../expression/format/json.ts';
import { createFunctionTable } from '../expression/function.ts';
import { Dict, type Value } from '../expression/values.ts';
import type { Json, JsonObject } from '../json.ts';
import { readJson } from './json-value.ts';
import { readToml } from './toml-value.ts';
import { readYaml } from './yaml-value.ts';

/** What to make of a document: a name, and an expression whose variables are the document's own keys. */
export interface Extraction {
  readonly name: string;
  readonly fromExpression: string;
}

export const documentFormats = ['JSON', 'YAML', 'TOML'] as const;
export type DocumentFormat = (typeof documentFormats)[number];

/**
 * The outputs that expressions make of a text; of a name that stands there twice the last one counts. Throws an Error with
 * line and column of what is wrong in the text, or with every expression that has no value: then there are no outputs.
 */
export function extractOutputs(
  format: DocumentFormat,
  text: string,
  extractions: readonly Extraction[],
): JsonObject {
  const root = readers[format](text);
  return evaluateOutputs(extractions, root, root instanceof Dict ? root : new Dict(new Map()));
}

/** The outputs of expressions that see these names, and `root` as `$env`. Throws as `extractOutputs` does. */
export function evaluateOutputs(extractions: readonly Extraction[], root: Value, names: Dict): JsonObject {
  const problems: string[] = [];
  const outputs = extractions.flatMap(({ name, fromExpression }, index) => {
    try {
      return [[name, evaluateBare(fromExpression, root, names)] as const];
    } catch (error) {
      problems.push(explainExpression(`outputs[${index}].fromExpression`, error));
      return [];
    }
  });
  if (problems.length > 0) throw new Error(problems.join('; '));
  return Object.fromEntries(outputs);
}

/** The value of an expression of the plain language: none of Kargo's functions, nothing of the promotion. */
export function evaluateBare(expression: string, root: Value, names: Dict): Json {
  const value = evaluateExpression(expression, { values: names, root, functions: noFunctions });
  return JSON.parse(encodeJson(value)) as Json;
}

/** `outputs[0].fromExpression: cannot read x of nil (character 6)`; rethrows what is no fault of an expression. */
export function explainExpression(field: string, error: unknown): string {
  if (!(error instanceof ExpressionError)) throw error;
  const place = error.offset === undefined ? '' : ` (character ${error.offset + 1})`;
  return `${field}: ${error.message}${place}`;
}

/** One table for all bare expressions: compiled ones are kept by table. */
export const noFunctions = createFunctionTable([]);

const readers: Readonly<Record<DocumentFormat, (text: string) => Value>> = {
  JSON: readJson,
  YAML: readYaml,
  TOML: readToml,
};

import { parseExpression } from '../../expression/expression.ts';
import { nodesOf, type Node } from '../../expression/tree.ts';
import type { Problem } from '../../problem.ts';
import { referencesOf } from '../../template/references.ts';
import { splitTemplate } from '../../template/split.ts';
import type { InflatedStep } from '../inflate.ts';
import type { SourceVariable } from '../parse-steps.ts';
import { textsOfConfig, type SourceText } from './source-text.ts';

/**
 * Texts that somebody else wrote freely (commit messages, names of authors, metadata) and that become part of a script:
 * whatever they hold would be run.
 */
export function findFreeText(
  promotionVars: readonly SourceVariable[],
  steps: readonly InflatedStep[],
): readonly Problem[] {
  return steps.flatMap(({ source, vars }) => {
    const known = new Map([...promotionVars, ...vars].map(({ name, value }) => [name, value]));
    return textsOfConfig(source)
      .filter(({ name }) => name === 'script')
      .flatMap((text) => check(text, known));
  });
}

function check({ text, path, locate }: SourceText, vars: ReadonlyMap<string, string>): readonly Problem[] {
  const found = new Set(freeTextsIn(text, vars, new Set()));
  return [...found].map((what) => ({
    message: `script takes ${what} into its text, so what somebody wrote there is run: hand it over as a variable in env, and write "$NAME" here`,
    place: locate(path),
  }));
}

/** What the expressions of a text read, themselves or through vars. */
function freeTextsIn(text: string, vars: ReadonlyMap<string, string>, seen: Set<string>): readonly string[] {
  const own = nodesIn(text).flatMap((node) => freeText(node) ?? []);
  const { vars: names } = referencesOf(text);
  const read = [...vars].filter(([name]) => !seen.has(name) && (names === 'all' || names.has(name)));
  for (const [name] of read) seen.add(name);
  return [...own, ...read.flatMap(([, value]) => freeTextsIn(value, vars, seen))];
}

function nodesIn(text: string): readonly Node[] {
  try {
    return splitTemplate(text).flatMap((part) =>
      typeof part === 'string' ? [] : nodesOf(parseExpression(part.expression)),
    );
  } catch {
    // Reported where it is evaluated.
    return [];
  }
}

function freeText(node: Node): string | undefined {
  if (node.kind === 'call' && node.callee.kind === 'name') return byFunction[node.callee.name];
  if (node.kind !== 'member' || node.property.kind !== 'constant') return undefined;
  const { value } = node.property;
  return typeof value === 'string' ? byMember[value] : undefined;
}

const byFunction: Readonly<Record<string, string>> = {
  freightMetadata: 'metadata of the Freight',
  stageMetadata: 'metadata of the Stage',
};

const byMember: Readonly<Record<string, string>> = {
  Message: 'a commit message',
  Author: 'the author of a commit',
  Committer: 'the committer of a commit',
  Annotations: 'annotations of an image',
  commitMessage: 'a commit message',
};

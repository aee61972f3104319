import { Scalar } from 'yaml';
import { parseFloatText } from '../expression/format/parse-float.ts';
import type { ScalarValue } from './render.ts';

/** What a value becomes in the place of another: where a quoted text or a `!!str` stood, it stays text. */
export function fitValue(value: ScalarValue, old: Scalar): ScalarValue {
  const isText = isQuoted(old) || old.tag === 'tag:yaml.org,2002:str';
  return isText && (typeof value === 'number' || typeof value === 'boolean') ? String(value) : value;
}

/** Says whether a scalar stands in quotes. */
export function isQuoted({ type }: Scalar): boolean {
  return type === Scalar.QUOTE_DOUBLE || type === Scalar.QUOTE_SINGLE;
}

/** Says whether a text would be taken for a number, a boolean or JSON by programs that do not look at quotes. */
export function looksTyped(text: string): boolean {
  return (
    text === '' ||
    parseFloatText(text) !== undefined ||
    /^(?:[tTfF]|true|True|TRUE|false|False|FALSE)$/.test(text) ||
    isJson(text)
  );
}

/** One line for people: text in quotes only where it could be taken for something else. */
export function explainScalar(value: ScalarValue): string {
  if (typeof value !== 'string') return String(value);
  return looksTyped(value) || /[\r\n]/.test(value) ? JSON.stringify(value) : value;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

import { parseTree, printParseErrorCode, type ParseError, type ParseErrorCode } from 'jsonc-parser';
import { parseJson } from '../expression/format/json.ts';
import { fromJson, type Value } from '../expression/values.ts';
import { positionIn } from './position.ts';

/** The value of a JSON text, its numbers as fractions. Throws an Error with line and column when it is none. */
export function readJson(text: string): Value {
  const value = parseJson(text);
  if (value === undefined) throw new Error(findFault(text));
  return fromJson(value);
}

function findFault(text: string): string {
  if (text.trim() === '') return 'the JSON is empty';
  if (text.startsWith('\uFEFF')) return 'line 1, column 1: JSON begins with no byte order mark: remove it';
  const errors: ParseError[] = [];
  parseTree(text, errors, { disallowComments: true });
  const [first] = errors;
  if (!first) return 'a number is too large';
  return `${positionIn(text, first.offset)}: ${explainCode(first.error)}`;
}

/** `value expected`, from `ValueExpected`. */
export function explainCode(code: ParseErrorCode): string {
  return printParseErrorCode(code)
    .replace(/(?!^)[A-Z]/g, (letter) => ` ${letter}`)
    .toLowerCase();
}

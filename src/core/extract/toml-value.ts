import { readTomlDocument, type TomlNode } from '../edit/toml-document.ts';
import { parseTime } from '../expression/time/parse-time.ts';
import { Dict, List, type Value } from '../expression/values.ts';

/**
 * The value of a TOML text: whole numbers stay whole, a date with time and zone is an instant, other dates and times are
 * text. Throws an Error with line and column when it is none.
 */
export function readToml(text: string): Value {
  if (text.trim() === '') throw new Error('the TOML is empty');
  return valueOf(readTomlDocument(text).root);
}

function valueOf(node: TomlNode): Value {
  if (node.kind === 'table')
    return new Dict(new Map([...node.entries].map(([key, item]) => [key, valueOf(item)])));
  if (node.kind === 'list') return new List(node.items.map(valueOf));
  const { scalar, text } = node;
  switch (scalar.kind) {
    case 'integer':
      return scalar.bigint;
    case 'float':
    case 'boolean':
    case 'string':
      return scalar.value;
    case 'offset-date-time':
      return (
        parseTime(text.replace(/[ t]/, 'T').replace(/z$/, 'Z'), '2006-01-02T15:04:05.999999999Z07:00') ?? text
      );
    default:
      return text.replace(/[ t]/, 'T');
  }
}

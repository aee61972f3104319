import { valueAt, type Json, type JsonPath } from '../json.ts';

/** A JSON pointer (`/a/0/b`, with or without a leading `#`) as a path: list positions become numbers where the document has a list. */
export function parsePointer(pointer: string, document: Json): JsonPath {
  const path: (string | number)[] = [];
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(valueAt(document, path)) ? Number(key) : key);
  }
  return path;
}

/** The value a JSON pointer leads to. */
export function valueAtPointer(document: Json, pointer: string): Json | undefined {
  return valueAt(document, parsePointer(pointer, document));
}

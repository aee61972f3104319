import { suggest } from './did-you-mean.ts';
import { isObject, type Json, type JsonObject, type JsonPath } from './json.ts';
import type { Place, Problem } from './problem.ts';

/**
 * Tells where a value of a document stands: the value itself, its key, or some characters of a text, from an offset
 * (0-based) on.
 */
export type Locate = (path: JsonPath, part?: 'key' | number, length?: number) => Place;

/**
 * The fields of an object that a user wrote, read one by one. Whatever is wrong becomes a problem and reads as absent;
 * `null` is absent. What nobody asked for is unknown: see `finish`.
 */
export class Fields {
  readonly path: JsonPath;
  readonly locate: Locate;
  readonly problems: Problem[];
  /** How serious an unknown field is. */
  readonly unknown: 'error' | 'warning';
  readonly #object: JsonObject;
  readonly #asked = new Set<string>();

  constructor(
    object: JsonObject,
    path: JsonPath,
    locate: Locate,
    problems: Problem[],
    unknown: 'error' | 'warning' = 'error',
  ) {
    this.path = path;
    this.locate = locate;
    this.problems = problems;
    this.unknown = unknown;
    this.#object = object;
  }

  /** The value as it is; undefined when it is absent. */
  find(key: string): Json | undefined {
    this.#asked.add(key);
    return Object.hasOwn(this.#object, key) ? (this.#object[key] ?? undefined) : undefined;
  }

  text(key: string): string | undefined {
    const value = this.find(key);
    if (value === undefined || typeof value === 'string') return value;
    const remedy = typeof value === 'object' ? '' : ': put it in quotes';
    this.report(key, `${JSON.stringify(key)} must be text, not ${kindOf(value)}${remedy}`);
    return undefined;
  }

  /** A text that must be there and must not be empty; `remedy` says what to write. */
  required(key: string, remedy = ''): string | undefined {
    const value = this.text(key);
    if (value || (value === undefined && this.find(key) !== undefined)) return value;
    const fault = value === undefined ? 'is missing' : 'is empty';
    this.report(key, `${JSON.stringify(key)} ${fault}${remedy && `: ${remedy}`}`);
    return undefined;
  }

  boolean(key: string): boolean | undefined {
    const value = this.find(key);
    if (value === undefined || typeof value === 'boolean') return value;
    this.report(key, `${JSON.stringify(key)} must be true or false, not ${kindOf(value)}`);
    return undefined;
  }

  oneOf<T extends string>(key: string, choices: readonly T[]): T | undefined {
    const value = this.text(key);
    if (value === undefined || choices.includes(value as T)) return value as T | undefined;
    const known = choices.map((choice) => JSON.stringify(choice)).join(' or ');
    this.report(
      key,
      `${JSON.stringify(key)} must be ${known}, not ${shorten(value)}${suggest(value, choices)}`,
    );
    return undefined;
  }

  /** The fields of an object inside this one. */
  object(key: string): Fields | undefined {
    const value = this.find(key);
    if (value === undefined) return undefined;
    if (isObject(value)) return this.#inner(value, key);
    this.report(key, `${JSON.stringify(key)} must be an object, not ${kindOf(value)}`);
    return undefined;
  }

  /** The objects of a list; `of` says what they are. A missing list is empty. */
  objects(key: string, of: string): readonly Fields[] {
    const value = this.find(key);
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.report(key, `${JSON.stringify(key)} must be a list of ${of}, not ${kindOf(value)}`);
      return [];
    }
    return (value as readonly Json[]).flatMap((item, index) => {
      if (isObject(item)) return [this.#inner(item, key, index)];
      const message = `item ${index} of ${JSON.stringify(key)} must be an object: ${of}, not ${kindOf(item)}`;
      this.problems.push({ message, place: this.locate([...this.path, key, index]) });
      return [];
    });
  }

  /** The object these fields belong to. */
  get value(): JsonObject {
    return this.#object;
  }

  report(key: string, message: string, part?: 'key' | number): void {
    this.problems.push({ message, place: this.locate([...this.path, key], part) });
  }

  /** Reports every field that was not asked for. */
  finish(): void {
    for (const key of Object.keys(this.#object)) {
      if (this.#asked.has(key)) continue;
      const hint = suggest(key, this.#asked) || `; known: ${[...this.#asked].join(', ')}`;
      const place = this.locate([...this.path, key], 'key');
      const message = `unknown field ${shorten(key)}${hint}`;
      this.problems.push({ message, place, ...(this.unknown === 'warning' && { severity: 'warning' }) });
    }
  }

  #inner(value: JsonObject, ...path: JsonPath): Fields {
    return new Fields(value, [...this.path, ...path], this.locate, this.problems, this.unknown);
  }
}

/** What a value is, for messages: `a number`, `a list`. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}

/** A text in quotes, cut to a readable length. */
export function shorten(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}

/** Places of a JSON document that has no lines: the path below a root, in the workflow's argument. */
export function locateInInput(...root: JsonPath): Locate {
  return (path) => ({ source: 'input', path: [...root, ...path] });
}

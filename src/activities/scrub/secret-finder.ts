import { formsOf, type SecretForm } from './secret-forms.ts';

/** From where to where something stands in a text. */
export type Span = readonly [from: number, to: number];

/** Finds secrets in texts, however many there are: a text is gone through once. */
export interface SecretFinder {
  add(part: string): void;
  /** Where secrets stand, in any order; they may overlap. */
  find(text: string): readonly Span[];
}

/**
 * A finder that first looks for the beginnings of anchors (by Rabin and Karp's idea: a number for every four characters,
 * and a filter that most of them fail), then compares in full where one stands.
 */
export function createSecretFinder(): SecretFinder {
  const filter = new Uint8Array(1 << filterBits);
  const byKey = new Map<number, Matcher[]>();
  const others: Matcher[] = [];
  return {
    add(part) {
      for (const form of formsOf(part)) {
        const key = keyOf(form);
        const matcher = createMatcher(form);
        if (key === undefined) {
          others.push(matcher);
          continue;
        }
        filter[slotOf(key)] = 1;
        byKey.set(key, [...(byKey.get(key) ?? []), matcher]);
      }
    },
    find(text) {
      const spans = others.flatMap((matcher) => matcher.everywhere(text));
      let key = 0;
      for (let index = 0; index < text.length; index++) {
        key = ((key << 8) | (text.charCodeAt(index) & 0xff)) >>> 0;
        if (filter[slotOf(key)] === 0) continue;
        for (const matcher of byKey.get(key) ?? []) spans.push(...matcher.at(text, index - keyLength + 1));
      }
      return spans;
    },
  };
}

/** Compares a form with a text. */
interface Matcher {
  /** The form whose anchor stands there, if it does. */
  at(text: string, anchor: number): readonly Span[];
  everywhere(text: string): readonly Span[];
}

function createMatcher({ text, anchor: [start], spell, end }: SecretForm): Matcher {
  let around: RegExp | undefined;
  let anywhere: RegExp | undefined;
  return {
    at(whole, anchor) {
      // Made when it is needed for the first time: most secrets never turn up.
      around ??= new RegExp(`(?<=(${spell(text.slice(0, start))}))${spell(text.slice(start))}${end}`, 'y');
      around.lastIndex = anchor;
      const found = around.exec(whole);
      return found ? [[anchor - found[1]!.length, anchor + found[0].length]] : [];
    },
    everywhere(whole) {
      anywhere ??= new RegExp(spell(text) + end, 'g');
      return [...whole.matchAll(anywhere)].map(({ index, 0: found }) => [index, index + found.length]);
    },
  };
}

/** The first characters of the anchor as a number; undefined when there are too few. */
function keyOf({ text, anchor: [start, length] }: SecretForm): number | undefined {
  if (length < keyLength) return undefined;
  let key = 0;
  for (let index = start; index < start + keyLength; index++) key = (key << 8) | text.charCodeAt(index);
  return key >>> 0;
}

function slotOf(key: number): number {
  return Math.imul(key, 0x9e3779b1) >>> (32 - filterBits);
}

const keyLength = 4;
const filterBits = 16;

import { fail } from './errors.ts';
import { AnyDict, Dict, List, type Value } from './values.ts';

/** Most operations of one evaluation, of some 50 ns each: a workflow may not compute for long. */
const maximumSteps = 1_100_000;
/** Most list items and map entries made in one evaluation. */
const maximumMemory = 1_000_000;
/** Longest text, in UTF-16 units. */
const maximumText = 2_000_000;

/** What one evaluation may still use up. What is counted depends on the values alone, never on what is cached. */
export class Budget {
  #steps = maximumSteps;
  #memory = maximumMemory;

  /** Counts operations. */
  spend(steps: number): void {
    this.#steps -= steps;
    if (this.#steps < 0) fail('the expression takes too many operations');
  }

  /** Counts what it takes to go through a value. */
  read(value: Value): void {
    if (typeof value === 'string') this.spend(value.length >> 3);
    else if (value instanceof List) this.spend(value.length >> 3);
    else if (value instanceof Uint8Array) this.spend(value.length >> 2);
    else if (value instanceof Dict || value instanceof AnyDict) this.spend(value.entries.size >> 2);
  }

  /** Counts what it takes to put so many keys in order. */
  sort(length: number): void {
    this.spend(length * (6 + (32 - Math.clz32(length))));
  }

  /** Counts items of new lists and maps. */
  allocate(items: number): void {
    this.#memory -= items;
    if (this.#memory <= 0) fail('the expression uses too much memory: memory budget exceeded');
  }

  /** Passes a text on unless it is too long. */
  text(length: number): void {
    if (length > maximumText) fail(`the expression makes a text of more than ${maximumText} characters`);
    this.spend(length >> 4);
  }
}

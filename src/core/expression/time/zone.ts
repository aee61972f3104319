import type { ZonePeriod, ZoneRules } from './location.ts';
import { parseZoneRule, type ZoneRule } from './zone-rule.ts';

/** One kind of time that a zone has had: standard time, summer time. */
export interface ZoneKind {
  readonly abbreviation: string;
  /** Seconds east of UTC. */
  readonly offset: number;
}

/** A zone as tzdata describes it. */
export interface ZoneData {
  readonly kinds: readonly ZoneKind[];
  /** Index of the kind before the first change. */
  readonly first: number;
  /** Seconds since 1970, ascending, and the kind that began then. */
  readonly changes: readonly { readonly at: number; readonly kind: number }[];
  /** What holds from the last change on, as POSIX writes it: `CET-1CEST,M3.5.0,M10.5.0/3`; empty = the last kind. */
  readonly rule: string;
}

/** The rules of a zone by its data. */
export class Zone implements ZoneRules {
  readonly #data: ZoneData;
  readonly #rule: ZoneRule | undefined;

  constructor(data: ZoneData) {
    this.#data = data;
    this.#rule = data.rule === '' ? undefined : parseZoneRule(data.rule);
  }

  at(seconds: number): ZonePeriod {
    const { changes } = this.#data;
    const index = this.#lastChange(seconds);
    if (index === changes.length - 1 && this.#rule) return this.#rule.at(seconds);
    const { abbreviation, offset } = this.#kindFrom(index);
    const start = changes[index]?.at ?? -Infinity;
    return { abbreviation, offset, start, end: changes[index + 1]?.at ?? Infinity };
  }

  offsetOf(abbreviation: string, seconds: number): number | undefined {
    const named = this.#data.kinds.filter((kind) => kind.abbreviation === abbreviation);
    const then = named.find(({ offset }) => this.at(seconds - offset).abbreviation === abbreviation);
    return then ? this.at(seconds - then.offset).offset : named[0]?.offset;
  }

  /** Index of the last change up to then, -1 before the first. */
  #lastChange(seconds: number): number {
    const { changes } = this.#data;
    let [low, high] = [-1, changes.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (changes[middle]!.at <= seconds) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #kindFrom(change: number): ZoneKind {
    const { kinds, first, changes } = this.#data;
    return kinds[changes[change]?.kind ?? first]!;
  }
}

import { fail } from './errors.ts';
import type { Value } from './values.ts';

type Less = (one: number, other: number) => boolean;

/** Whether the word for the order says so; only `asc` and `desc` are words. */
export function isDescending(order: Value | undefined): boolean {
  if (order === undefined || order === 'asc') return false;
  return order === 'desc' || fail('the order must be asc or desc');
}

/**
 * The positions 0 to length-1 in the order of `less`. Ties come out as Go's pattern-defeating quicksort leaves
 * them: in place up to 12 items, scrambled but always in the same way above.
 */
export function sortOrder(length: number, less: Less): readonly number[] {
  const order = Array.from({ length }, (_, index) => index);
  const sorter: Sorter = {
    less: (a, b) => less(order[a]!, order[b]!),
    swap(a, b) {
      const item = order[a]!;
      order[a] = order[b]!;
      order[b] = item;
    },
  };
  sortRange(sorter, 0, length, 32 - Math.clz32(length));
  return order;
}

interface Sorter {
  readonly less: Less;
  readonly swap: (a: number, b: number) => void;
}

const insertionLength = 12;
const nintherLength = 50;

function sortRange(sorter: Sorter, from: number, to: number, badChoices: number): void {
  let [a, b, limit] = [from, to, badChoices];
  let [wasBalanced, wasPartitioned] = [true, true];
  for (;;) {
    const length = b - a;
    if (length <= insertionLength) return insert(sorter, a, b);
    if (limit === 0) return heap(sorter, a, b);
    if (!wasBalanced) {
      breakPattern(sorter, a, b);
      limit--;
    }
    const chosen = choosePivot(sorter, a, b);
    let { pivot } = chosen;
    if (chosen.falls) {
      reverse(sorter, a, b);
      pivot = b - 1 - (pivot - a);
    }
    if (wasBalanced && wasPartitioned && (chosen.rises || chosen.falls) && insertFew(sorter, a, b)) return;
    if (a > 0 && !sorter.less(a - 1, pivot)) {
      a = splitEqual(sorter, a, b, pivot);
      continue;
    }
    const { middle, wasSplit } = split(sorter, a, b, pivot);
    wasPartitioned = wasSplit;
    const [left, right] = [middle - a, b - middle];
    wasBalanced = Math.min(left, right) >= Math.floor(length / 8);
    if (left < right) {
      sortRange(sorter, a, middle, limit);
      a = middle + 1;
    } else {
      sortRange(sorter, middle + 1, b, limit);
      b = middle;
    }
  }
}

function insert({ less, swap }: Sorter, a: number, b: number): void {
  for (let i = a + 1; i < b; i++) for (let j = i; j > a && less(j, j - 1); j--) swap(j, j - 1);
}

function heap(sorter: Sorter, a: number, b: number): void {
  const length = b - a;
  for (let i = Math.floor((length - 1) / 2); i >= 0; i--) sink(sorter, i, length, a);
  for (let i = length - 1; i >= 0; i--) {
    sorter.swap(a, a + i);
    sink(sorter, 0, i, a);
  }
}

function sink({ less, swap }: Sorter, from: number, end: number, first: number): void {
  let root = from;
  for (;;) {
    let child = 2 * root + 1;
    if (child >= end) return;
    if (child + 1 < end && less(first + child, first + child + 1)) child++;
    if (!less(first + root, first + child)) return;
    swap(first + root, first + child);
    root = child;
  }
}

/** Scatters three items by a generator whose seed is the length. */
function breakPattern({ swap }: Sorter, a: number, b: number): void {
  const length = b - a;
  let random = BigInt(length);
  const mask = (1n << BigInt(32 - Math.clz32(length))) - 1n;
  const middle = a + Math.floor(length / 4) * 2 - 1;
  for (let i = 0; i < 3; i++) {
    random = BigInt.asUintN(64, random ^ (random << 13n));
    random ^= random >> 7n;
    random = BigInt.asUintN(64, random ^ (random << 17n));
    const other = Number(random & mask);
    swap(middle - 1 + i, a + (other >= length ? other - length : other));
  }
}

function choosePivot({ less }: Sorter, a: number, b: number) {
  const length = b - a;
  const quarter = Math.floor(length / 4);
  let swaps = 0;
  const median = (one: number, two: number, three: number): number => {
    let [x, y, z] = [one, two, three];
    const order = (left: number, right: number): [number, number] => {
      if (!less(right, left)) return [left, right];
      swaps++;
      return [right, left];
    };
    [x, y] = order(x, y);
    [y, z] = order(y, z);
    [x, y] = order(x, y);
    return y;
  };
  let places = [a + quarter, a + quarter * 2, a + quarter * 3];
  if (length >= nintherLength) places = places.map((place) => median(place - 1, place, place + 1));
  const pivot = median(places[0]!, places[1]!, places[2]!);
  return { pivot, rises: swaps === 0, falls: swaps === 12 };
}

function reverse({ swap }: Sorter, a: number, b: number): void {
  for (let i = a, j = b - 1; i < j; i++, j--) swap(i, j);
}

/** Sorts what is nearly in order; false when it is not. */
function insertFew({ less, swap }: Sorter, a: number, b: number): boolean {
  let i = a + 1;
  for (let step = 0; step < 5; step++) {
    while (i < b && !less(i, i - 1)) i++;
    if (i === b) return true;
    if (b - a < nintherLength) return false;
    swap(i, i - 1);
    if (i - a >= 2) for (let j = i - 1; j >= 1 && less(j, j - 1); j--) swap(j, j - 1);
    if (b - i >= 2) for (let j = i + 1; j < b && less(j, j - 1); j++) swap(j, j - 1);
  }
  return false;
}

function splitEqual({ less, swap }: Sorter, a: number, b: number, pivot: number): number {
  swap(a, pivot);
  let [i, j] = [a + 1, b - 1];
  for (;;) {
    while (i <= j && !less(a, i)) i++;
    while (i <= j && less(a, j)) j--;
    if (i > j) return i;
    swap(i++, j--);
  }
}

function split({ less, swap }: Sorter, a: number, b: number, pivot: number) {
  swap(a, pivot);
  let [i, j] = [a + 1, b - 1];
  for (let wasSplit = true; ; wasSplit = false) {
    while (i <= j && less(i, a)) i++;
    while (i <= j && !less(j, a)) j--;
    if (i > j) {
      swap(j, a);
      return { middle: j, wasSplit };
    }
    swap(i++, j--);
  }
}

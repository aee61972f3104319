import { fail } from '../errors.ts';
import type { FunctionDeclaration } from '../function.ts';
import { natures, type Nature } from '../nature.ts';
import { Dict, Native, type NativeType, type Value } from '../values.ts';
import { defineMethods } from './method.ts';

const methods: Record<string, FunctionDeclaration> = {};
export const locationType: NativeType = { name: 'time.Location', methods };
export const locationNature: Nature = { kind: 'native', native: locationType };

/** A time zone at a fixed distance from UTC. Zones with rules would need a table of them, and have none here. */
export class Location extends Native {
  readonly type = locationType;
  /** `UTC`, an abbreviation, or empty. */
  readonly name: string;
  /** Seconds east of UTC. */
  readonly offset: number;

  constructor(name: string, offset: number) {
    super();
    this.name = name;
    this.offset = offset;
  }

  override text(): string {
    return this.name;
  }
  override json(): Value {
    return new Dict(new Map());
  }
}

export const utc = new Location('UTC', 0);

/** The zone of that name: `UTC`, `Z` or a distance such as `+02:00`. */
export function findLocation(name: string): Location {
  if (name === '' || name === 'UTC' || name === 'Z') return utc;
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(name) ?? [];
  if (hours === undefined) fail('unknown time zone: only UTC and distances such as +02:00 are known here');
  const size = Number(hours) * 3600 + Number(minutes) * 60;
  return new Location('', sign === '-' ? -size : size);
}

Object.assign(
  methods,
  Object.fromEntries([
    defineMethods(Location, locationType)('String', [], natures.string, ({ name }) => name),
  ]),
);

import { numberOf } from '../arithmetic.ts';
import type { FunctionDeclaration } from '../function.ts';
import { natures, type Nature } from '../nature.ts';
import { native } from '../parameters.ts';
import { Integer, Native, type NativeType, type Value } from '../values.ts';
import { defineMethods } from './method.ts';

const methods: Record<string, FunctionDeclaration> = {};

/** The static side of time spans. */
export const durationType: NativeType = { name: 'time.Duration', methods };
export const durationNature: Nature = { kind: 'duration', native: durationType };

/** A time span in nanoseconds, of 64 bits. */
export class Duration extends Native {
  readonly type = durationType;
  readonly nanoseconds: bigint;

  constructor(nanoseconds: bigint) {
    super();
    this.nanoseconds = BigInt.asIntN(64, nanoseconds);
  }

  override text(): string {
    return formatDurationText(this.nanoseconds);
  }
  override json(): Value {
    return this.nanoseconds;
  }
  override yaml(): Value {
    return this.text();
  }
  override integer(): bigint {
    return this.nanoseconds;
  }
  override compare(other: Native): number | undefined {
    return other instanceof Duration ? Number(this.nanoseconds - other.nanoseconds) : undefined;
  }
  override arithmetic(operator: string, other: Value): Value | undefined {
    if (other instanceof Duration) {
      if (operator === '+') return new Duration(this.nanoseconds + other.nanoseconds);
      if (operator === '-') return new Duration(this.nanoseconds - other.nanoseconds);
      return operator === '*' ? new Duration(this.nanoseconds * other.nanoseconds) : undefined;
    }
    const factor = operator === '*' ? numberOf(other) : undefined;
    if (typeof factor === 'bigint') return new Duration(this.nanoseconds * factor);
    return factor === undefined ? undefined : Number(this.nanoseconds) * factor;
  }
}

const unit: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** Nobody writes longer spans; sums of thousands of units take long. */
const maximumText = 500;

/** The span behind a text such as `1h30m` or `-1.5s`; undefined for everything else. */
export function parseDurationText(text: string): Duration | undefined {
  if (text.length > maximumText) return undefined;
  const [, sign, body] = /^([+-]?)(0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.exec(text) ?? [];
  if (body === undefined) return undefined;
  let total = 0n;
  for (const [, whole, fraction = '', name] of body.matchAll(/(\d*)\.?(\d*)([a-zµμ]+)/g)) {
    const size = unit[name!]!;
    total += BigInt(whole || '0') * size + (BigInt(fraction || '0') * size) / 10n ** BigInt(fraction.length);
  }
  const nanoseconds = sign === '-' ? -total : total;
  return nanoseconds === BigInt.asIntN(64, nanoseconds) ? new Duration(nanoseconds) : undefined;
}

function formatDurationText(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s';
  const sign = nanoseconds < 0n ? '-' : '';
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (size < 1000n) return `${sign}${size}ns`;
  if (size < 1_000_000n) return `${sign}${formatFraction(size, 1000n, 3)}µs`;
  if (size < 1_000_000_000n) return `${sign}${formatFraction(size, 1_000_000n, 6)}ms`;
  const minutes = size / unit['m']!;
  const seconds = `${formatFraction(size % unit['m']!, 1_000_000_000n, 9)}s`;
  if (minutes === 0n) return sign + seconds;
  const hours = minutes / 60n;
  return `${sign}${hours > 0n ? `${hours}h` : ''}${minutes % 60n}m${seconds}`;
}

function formatFraction(value: bigint, size: bigint, digits: number): string {
  const fraction = String(value % size)
    .padStart(digits, '0')
    .replace(/0+$/, '');
  return fraction ? `${value / size}.${fraction}` : String(value / size);
}

/** A multiple of a unit: cut towards zero, or the nearest one with halves away from zero. */
export function toMultiple(value: bigint, size: bigint, isRounded: boolean): bigint {
  if (size <= 0n) return value;
  const rest = value % size;
  const cut = value - rest;
  const distance = rest < 0n ? -rest : rest;
  if (!isRounded || distance * 2n < size) return cut;
  return rest < 0n ? cut - size : cut + size;
}

const define = defineMethods(Duration, durationType);
const step = native('step', Duration, 'duration');
Object.assign(
  methods,
  Object.fromEntries([
    define('Hours', [], natures.float, (span) => Number(span.nanoseconds) / 3.6e12),
    define('Minutes', [], natures.float, (span) => Number(span.nanoseconds) / 6e10),
    define('Seconds', [], natures.float, (span) => Number(span.nanoseconds) / 1e9),
    define('Milliseconds', [], natures.int64, (span) => new Integer('int64', span.nanoseconds / 1_000_000n)),
    define('Microseconds', [], natures.int64, (span) => new Integer('int64', span.nanoseconds / 1000n)),
    define('Nanoseconds', [], natures.int64, (span) => new Integer('int64', span.nanoseconds)),
    define('String', [], natures.string, (span) => span.text()),
    define('Round', [step], durationNature, (span, { nanoseconds }) => {
      return new Duration(toMultiple(span.nanoseconds, nanoseconds, true));
    }),
    define('Truncate', [step], durationNature, (span, { nanoseconds }) => {
      return new Duration(toMultiple(span.nanoseconds, nanoseconds, false));
    }),
    define(
      'Abs',
      [],
      durationNature,
      ({ nanoseconds }) => new Duration(nanoseconds < 0n ? -nanoseconds : nanoseconds),
    ),
  ]),
);

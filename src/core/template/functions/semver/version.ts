import type { FunctionDeclaration } from '../../../expression/function.ts';
import { natures, type Nature } from '../../../expression/nature.ts';
import type { Parameter } from '../../../expression/parameters.ts';
import { Integer, Native, type NativeType, type Value } from '../../../expression/values.ts';
import { defineMethods } from '../../../expression/time/method.ts';

const name = 'github.com/Masterminds/semver/v3.Version';
const methods: Record<string, FunctionDeclaration> = {};
const changedMethods: Record<string, FunctionDeclaration> = {};

/** A version that was read. */
export const versionType: NativeType = { name, methods };
/** A version that was made from another: it was never written, so it has no original. */
const changedType: NativeType = { name, methods: changedMethods };
export const versionNature: Nature = { kind: 'native', native: versionType };
const changedNature: Nature = { kind: 'native', native: changedType };

interface Parts {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly prerelease: string;
  readonly metadata: string;
}

/** A semantic version. */
export class Version extends Native {
  readonly type: NativeType;
  readonly parts: Parts;
  readonly original: string;

  constructor(parts: Parts, original?: string) {
    super();
    this.type = original === undefined ? changedType : versionType;
    this.parts = parts;
    this.original = original ?? '';
  }

  override text(): string {
    const { major, minor, patch, prerelease, metadata } = this.parts;
    return `${major}.${minor}.${patch}${prerelease && `-${prerelease}`}${metadata && `+${metadata}`}`;
  }
  override json(): Value {
    return this.text();
  }
  override equals(other: Native): boolean {
    return other instanceof Version && this.text() === other.text() && this.original === other.original;
  }
}

const maximumText = 1000;

/** The version of a text, leniently: a `v` before it, parts that are missing, leading zeros. Undefined if it is none. */
export function parseVersion(text: string): Version | undefined {
  if (text.length > maximumText) return undefined;
  const found =
    /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/.exec(
      text,
    );
  if (!found) return undefined;
  const [, major = '0', minor = '0', patch = '0', prerelease = '', metadata = ''] = found;
  if (prerelease.split('.').some((part) => /^0\d+$/.test(part))) return undefined;
  const numbers = [major, minor, patch].map(BigInt);
  if (numbers.some((number) => number >= 1n << 64n)) return undefined;
  const parts = { major: numbers[0]!, minor: numbers[1]!, patch: numbers[2]!, prerelease, metadata };
  return new Version(parts, text);
}

/** Negative, zero or positive, as semantic versions are ordered; metadata does not count. */
export function compareVersions({ parts: one }: Version, { parts: other }: Version): number {
  for (const part of ['major', 'minor', 'patch'] as const) {
    if (one[part] !== other[part]) return one[part] < other[part] ? -1 : 1;
  }
  if (one.prerelease === other.prerelease) return 0;
  if (one.prerelease === '' || other.prerelease === '') return one.prerelease === '' ? 1 : -1;
  return comparePrereleases(one.prerelease.split('.'), other.prerelease.split('.'));
}

function comparePrereleases(one: readonly string[], other: readonly string[]): number {
  for (let at = 0; at < Math.max(one.length, other.length); at++) {
    const [left, right] = [one[at], other[at]];
    if (left === right) continue;
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
    const [isNumber, isOther] = [/^\d+$/.test(left), /^\d+$/.test(right)];
    if (isNumber && isOther) return BigInt(left) < BigInt(right) ? -1 : 1;
    if (isNumber !== isOther) return isNumber ? -1 : 1;
    return left < right ? -1 : 1;
  }
  return 0;
}

const uint64 = (value: bigint) => new Integer('uint64', value);
const bare = { prerelease: '', metadata: '' };
const other: Parameter<Version> = {
  label: 'version',
  type: 'a version',
  accepts: ({ native }) => native === versionType || native === changedType,
  take: (value) => (value instanceof Version ? value : undefined),
};

function sharedMethods(type: NativeType) {
  const define = defineMethods(Version, type);
  return [
    define('Major', [], natures.uint64, ({ parts }) => uint64(parts.major)),
    define('Minor', [], natures.uint64, ({ parts }) => uint64(parts.minor)),
    define('Patch', [], natures.uint64, ({ parts }) => uint64(parts.patch)),
    define('Prerelease', [], natures.string, ({ parts }) => parts.prerelease),
    define('Metadata', [], natures.string, ({ parts }) => parts.metadata),
    define('String', [], natures.string, (version) => version.text()),
    define('IncMajor', [], changedNature, ({ parts }) => {
      return new Version({ ...bare, major: parts.major + 1n, minor: 0n, patch: 0n });
    }),
    define('IncMinor', [], changedNature, ({ parts }) => {
      return new Version({ ...bare, major: parts.major, minor: parts.minor + 1n, patch: 0n });
    }),
    define('IncPatch', [], changedNature, ({ parts }) => {
      // The release of a pre-release is the next patch.
      return new Version({ ...parts, ...bare, patch: parts.prerelease ? parts.patch : parts.patch + 1n });
    }),
  ];
}

const define = defineMethods(Version, versionType);
Object.assign(changedMethods, Object.fromEntries(sharedMethods(changedType)));
Object.assign(
  methods,
  Object.fromEntries([
    ...sharedMethods(versionType),
    define('Original', [], natures.string, ({ original }) => original),
    define('Compare', [other], natures.int, (one, two) => BigInt(compareVersions(one, two))),
    define('LessThan', [other], natures.bool, (one, two) => compareVersions(one, two) < 0),
    define('LessThanEqual', [other], natures.bool, (one, two) => compareVersions(one, two) <= 0),
    define('GreaterThan', [other], natures.bool, (one, two) => compareVersions(one, two) > 0),
    define('GreaterThanEqual', [other], natures.bool, (one, two) => compareVersions(one, two) >= 0),
    define('Equal', [other], natures.bool, (one, two) => compareVersions(one, two) === 0),
  ]),
);

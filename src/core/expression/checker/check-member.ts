import { elementOf, explainNature, isArray, isUnknown, natures, type Nature } from '../nature.ts';
import { suggest } from '../../did-you-mean.ts';
import type { Node } from '../tree.ts';

/** The nature of `base.key` or `base[key]`, or what is wrong with it. */
export function checkMember(base: Nature, property: Node, key: Nature, isCalled: boolean): Nature | string {
  if (isUnknown(base)) return base;
  const name =
    property.kind === 'constant' && typeof property.value === 'string' ? property.value : undefined;
  if (name !== undefined && base.native) {
    const { methods, fields } = base.native;
    if (methods && Object.hasOwn(methods, name)) return natures.function;
    if (fields && Object.hasOwn(fields, name)) return fields[name]!;
  }
  if (base.kind === 'map') {
    const fits = key.kind === 'string' || isUnknown(key);
    return fits ? elementOf(base) : `${explainNature(key)} cannot be a key of this map`;
  }
  if (base.kind === 'anymap') return elementOf(base);
  if (isArray(base)) {
    const fits = key.kind === 'int' || isUnknown(key);
    return fits ? elementOf(base) : `an index must be a whole number, not ${explainNature(key)}`;
  }
  const what = isCalled ? 'method' : 'field';
  return name === undefined
    ? `${explainNature(base)} has no elements`
    : `${explainNature(base)} has no ${what} ${name}${suggestMember(base, name)}`;
}

function suggestMember({ native }: Nature, name: string): string {
  return suggest(name, [...Object.keys(native?.fields ?? {}), ...Object.keys(native?.methods ?? {})]);
}

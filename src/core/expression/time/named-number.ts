import type { FunctionDeclaration } from '../function.ts';
import { natures, type Nature } from '../nature.ts';
import { Native, type NativeType, type Value } from '../values.ts';
import { dayNames, monthNames } from './calendar.ts';
import { defineMethods } from './method.ts';

/** A month or a day of the week: a number that prints as a name and compares with its own kind only. */
export class NamedNumber extends Native {
  readonly type: NativeType;
  readonly value: number;

  constructor(type: NativeType, value: number) {
    super();
    this.type = type;
    this.value = value;
  }

  override text(): string {
    return (this.type === monthType ? monthNames[this.value - 1] : dayNames[this.value])!;
  }
  override json(): Value {
    return BigInt(this.value);
  }
  override integer(): bigint {
    return BigInt(this.value);
  }
}

export const monthType = defineNamed('time.Month');
export const weekdayType = defineNamed('time.Weekday');
export const monthNature: Nature = { kind: 'native', native: monthType };
export const weekdayNature: Nature = { kind: 'native', native: weekdayType };

function defineNamed(name: string): NativeType {
  const methods: Record<string, FunctionDeclaration> = {};
  const type: NativeType = { name, methods };
  const [key, method] = defineMethods(NamedNumber, type)('String', [], natures.string, (value) =>
    value.text(),
  );
  methods[key] = method;
  return type;
}

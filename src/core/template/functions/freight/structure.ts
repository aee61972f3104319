import { natures, type Nature } from '../../../expression/nature.ts';
import { formatText } from '../../../expression/format/text.ts';
import { AnyDict, Dict, isNil, Native, type NativeType, type Value } from '../../../expression/values.ts';

/** The static side of a record with fixed fields. */
export interface StructureType extends NativeType {
  readonly members: readonly Member[];
  /** Which field a text field of that kind takes. */
  readonly natural?: { readonly field: string; readonly of: string };
}

interface Member {
  /** As expressions write it. */
  readonly name: string;
  /** As JSON writes it; empty fields are left out. Undefined = as expressions write it, and always there. */
  readonly json?: string;
  readonly nature: Nature;
}

/** A record with fixed fields: a commit, an image, a chart. */
export class Structure extends Native {
  readonly type: StructureType;
  readonly #values: Readonly<Record<string, Value>>;

  constructor(type: StructureType, values: Readonly<Record<string, Value>>) {
    super();
    this.type = type;
    this.#values = values;
  }

  override field(name: string): Value | undefined {
    const member = this.type.members.find((candidate) => candidate.name === name);
    return member && (this.#values[name] ?? (member.nature.kind === 'string' ? '' : null));
  }
  override text(): string {
    return `{${this.type.members.map(({ name }) => formatText(this.field(name)!)).join(' ')}}`;
  }
  override json(): Value {
    const entries = this.type.members.flatMap(({ name, json }) => {
      const value = this.field(name)!;
      return json !== undefined && isEmpty(value) ? [] : [[json ?? name, value] as const];
    });
    return new Dict(new Map(entries));
  }
  override yaml(): Value {
    return new AnyDict(this.type.members.map(({ name }) => [name.toLowerCase(), this.field(name)!]));
  }
  override equals(other: Native): boolean {
    return other instanceof Structure && other.type === this.type && other.text() === this.text();
  }
}

/** Declares a record: names of its fields, with those of JSON behind a colon; `natures` where a field is no text. */
export function defineStructure(
  name: string,
  fields: string,
  more: {
    readonly natures?: Readonly<Record<string, Nature>>;
    readonly natural?: StructureType['natural'];
  } = {},
): StructureType {
  const members = fields.split(' ').map((field): Member => {
    const [title = '', json] = field.split(':');
    return {
      name: title,
      nature: more.natures?.[title] ?? natures.string,
      ...(json !== undefined && { json }),
    };
  });
  const types = Object.fromEntries(members.map((member) => [member.name, member.nature]));
  return { name, fields: types, members, ...(more.natural && { natural: more.natural }) };
}

/** What an artifact means in a text field of its kind; undefined for everything else. */
export function artifactField(value: Native, kind: string): string | undefined {
  const natural = value instanceof Structure ? value.type.natural : undefined;
  const field = natural?.of === kind ? value.field(natural.field) : undefined;
  return typeof field === 'string' ? field : undefined;
}

function isEmpty(value: Value): boolean {
  return isNil(value) || value === '' || (value instanceof Dict && value.entries.size === 0);
}

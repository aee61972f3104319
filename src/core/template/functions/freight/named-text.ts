import { Native, type NativeType, type Value } from '../../../expression/values.ts';

/** A text with a type of its own: it compares with plain texts only through `string()`. */
export class NamedText extends Native {
  readonly type: NativeType;
  readonly #text: string;

  constructor(type: NativeType, text: string) {
    super();
    this.type = type;
    this.#text = text;
  }

  override text(): string {
    return this.#text;
  }
  override json(): Value {
    return this.#text;
  }
}

export function namedText(name: string): NativeType {
  return { name };
}

import type { FunctionDeclaration } from '../function.ts';
import type { Nature } from '../nature.ts';
import type { Parameter } from '../parameters.ts';
import type { Native, NativeType, Value } from '../values.ts';

type Taken<P extends readonly Parameter<unknown>[]> = {
  [K in keyof P]: P[K] extends Parameter<infer T> ? T : never;
};

/** Declares the methods of a native type; `define` gets the receiver first. */
export function defineMethods<R extends Native>(
  kind: abstract new (...args: never[]) => R,
  type: NativeType,
) {
  const receiver: Parameter<R> = {
    label: 'receiver',
    type: type.name,
    accepts: ({ native }) => native === type,
    take: (value) => (value instanceof kind ? value : undefined),
  };
  return <const P extends readonly Parameter<unknown>[]>(
    name: string,
    parameters: P,
    result: Nature,
    call: (receiver: R, ...args: Taken<P>) => Value,
  ): readonly [string, FunctionDeclaration] => {
    const declaration = {
      name,
      cost: 80,
      summary: '',
      example: '',
      parameters: [receiver, ...parameters],
      result,
      call: ([value, ...args]: readonly [R, ...Taken<P>]) => call(value, ...(args as unknown as Taken<P>)),
    };
    return [name, declaration as unknown as FunctionDeclaration];
  };
}

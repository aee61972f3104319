import type { Static, TSchema, TUnsafe } from 'typebox';
import type { FieldOptions } from './describe.ts';

/** A whole number from 1 on. A text of digits is taken for one, and null for none. */
export function countOrNone(
  description: string,
  message: string,
  options: FieldOptions = {},
): TUnsafe<number | string | null> {
  const type = ['integer', 'string', 'null'];
  return {
    type,
    minimum: 1,
    pattern: '^0*[1-9][0-9]{0,14}$',
    description,
    'x-message': message,
    ...options,
  } as never;
}

/** What a field holds, or null where there is nothing to hold. */
export function orNull<T extends TSchema>(schema: T): TUnsafe<Static<T> | null> {
  const { type } = schema as unknown as { readonly type: string };
  return { ...schema, type: [type, 'null'] } as never;
}

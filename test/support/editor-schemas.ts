import { readFileSync } from 'node:fs';
import { Errors } from 'typebox/schema';

const schema = JSON.parse(
  readFileSync(new URL('../../schemas/promotion-steps.schema.json', import.meta.url), 'utf8'),
) as never;

/** What the schema for editors has against a manifest or a list of steps. */
export function checkAgainstSchema(value: unknown): readonly string[] {
  const [accepted, errors] = Errors(schema, value);
  return accepted ? [] : errors.map((error) => JSON.stringify(error));
}

import { isObject, type Json, type JsonObject } from '../json.ts';

/** One field of a declaration, for a table: every depth is a row of its own. */
export interface FieldRow {
  /** `images[].fromOrigin.name`. */
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly isDeprecated: boolean;
  readonly default?: Json;
  readonly description: string;
}

/** All fields of an object's declaration in order, each followed by those inside it. */
export function listFields(schema: object, prefix = ''): readonly FieldRow[] {
  const { properties, required = [] } = schema as {
    properties?: Record<string, JsonObject>;
    required?: readonly string[];
  };
  return Object.entries(properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const row = {
      name: path,
      type: typeOf(field),
      isRequired: required.includes(name),
      isDeprecated: field['deprecated'] === true,
      ...(field['default'] !== undefined && { default: field['default'] }),
      description: describe(field),
    };
    return [row, ...listInner(field, path)];
  });
}

/** What rules over several fields say: `only one of tag and digest may be set`. */
export function listRules(schema: object, prefix = ''): readonly string[] {
  const {
    allOf = [],
    properties = {},
    items,
  } = schema as {
    allOf?: readonly JsonObject[];
    properties?: Record<string, object>;
    items?: object;
  };
  const where = prefix && ` in \`${prefix}\``;
  const own = allOf
    .map((rule) => textOf(rule['x-message']))
    .filter(Boolean)
    .map((text) => `${text}${where}`);
  const inner = Object.entries(properties).flatMap(([name, field]) =>
    listRules(field, prefix ? `${prefix}.${name}` : name),
  );
  return [...own, ...inner, ...(items ? listRules(items, `${prefix}[]`) : [])];
}

function listInner(field: JsonObject, path: string): readonly FieldRow[] {
  const { items } = field;
  return isObject(items) ? listFields(items, `${path}[].`) : listFields(field, `${path}.`);
}

function describe(field: JsonObject): string {
  const instead = textOf(field['x-instead']);
  return `${textOf(field['description'])}${instead && ` Write ${instead} instead.`}`;
}

function typeOf(field: JsonObject): string {
  const { type, items, additionalProperties } = field;
  if (Array.isArray(field['enum'])) return field['enum'].map((word) => `\`${String(word)}\``).join(', ');
  if (type === 'array') return `list of ${isObject(items) ? typeOf(items) : 'anything'}`;
  if (type === 'object' && isObject(additionalProperties)) return `map of ${typeOf(additionalProperties)}`;
  if (field['x-message'] === 'must be a duration such as 10s or 5m') return 'duration';
  if (Array.isArray(type)) return type.map((name) => typeOf({ type: name as string })).join(' or ');
  return typeof type === 'string' ? (typeNames[type] ?? type) : 'anything';
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  boolean: 'true or false',
};

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

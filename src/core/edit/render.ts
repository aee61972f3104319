import { Document, parse, Scalar, stringify, type YAMLSeq } from 'yaml';

/** A value that stands on its own in YAML. */
export type ScalarValue = string | number | boolean | null;

/** How a scalar was written before, so that the new value looks alike. */
export interface ScalarStyle {
  readonly type?: Scalar.Type | undefined;
  /** Inside `[]` or `{}`. */
  readonly inFlow?: boolean;
}

/**
 * One line of YAML for a scalar, in the old style where that is possible. Text that YAML 1.1 (Helm, Kubernetes) would
 * read as anything else is quoted.
 */
export function renderScalar(value: ScalarValue, { type, inFlow = false }: ScalarStyle = {}): string {
  if (typeof value !== 'string') return stringify(value).trimEnd();
  const scalar = new Scalar(value);
  if (type) scalar.type = type;
  const text = renderAlone(scalar, inFlow);
  return text.includes('\n') || (isPlain(text) && isMisread(text, value)) ? JSON.stringify(value) : text;
}

function renderAlone(scalar: Scalar, inFlow: boolean): string {
  const options = { lineWidth: 0, flowCollectionPadding: false };
  if (!inFlow) return new Document(scalar).toString(options).trimEnd();
  const document = new Document<YAMLSeq>([scalar] as never);
  document.contents!.flow = true;
  return document.toString(options).trim().slice(1, -1);
}

function isPlain(text: string): boolean {
  return !/^["']/.test(text);
}

/** `yes`, `012`, `12:30` and their like are no text in YAML 1.1. */
function isMisread(text: string, value: string): boolean {
  return parse(text, { version: '1.1', logLevel: 'silent' }) !== value;
}

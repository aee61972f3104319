import type { JsonObject } from '../core/json.ts';
import { formatSize, sizeOfJson, sizeOfText } from '../core/promotion/size.ts';

/** Says that what a step returned cannot be kept; trying again would return the same. */
export class OutputUnusable extends Error {
  override readonly name = 'OutputUnusable';
}

/** Says that a step returned a status that is none; trying again would return the same. */
export class StatusUnknown extends Error {
  override readonly name = 'StatusUnknown';
  readonly output: JsonObject | undefined;

  constructor(status: string, output?: JsonObject) {
    super(`returned an invalid status: ${status}`);
    this.output = output;
  }
}

/** The output as plain JSON, at most 256 KiB. Throws OutputUnusable for anything else. */
export function plainOutput(output: unknown): JsonObject | undefined {
  if (output === undefined || output === null) return undefined;
  const text = textOf(output);
  const size = sizeOfText(text);
  if (size <= maximumOutput) return JSON.parse(text) as JsonObject;
  const [key, part] = largestMember(JSON.parse(text) as JsonObject);
  throw new OutputUnusable(
    `OutputTooLarge: the output is ${formatSize(size)}, more than ${formatSize(maximumOutput)}; ` +
      `the largest part is ${JSON.stringify(key)} with ${formatSize(part)}. Write it to a file instead`,
  );
}

function textOf(output: unknown): string {
  try {
    const text = JSON.stringify(output);
    if (text?.startsWith('{')) return text;
  } catch {
    // A cycle or a bigint: told below.
  }
  throw new OutputUnusable('the output is no JSON object');
}

function largestMember(output: JsonObject): readonly [string, number] {
  const sizes = Object.entries(output).map(([key, value]) => [key, sizeOfJson(value)] as const);
  return sizes.reduce((largest, next) => (next[1] > largest[1] ? next : largest));
}

const maximumOutput = 256 * 1024;

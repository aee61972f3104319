import { parseFreight } from '../freight/parse-freight.ts';
import { sha1 } from '../sha1.ts';
import { locateInInput } from '../fields.ts';
import type { PromotionRequest } from './request.ts';

/** Where a promotion's name comes from: all of it known when the workflow starts, and the same on replay. */
export interface NameParts {
  readonly workflowId: string;
  readonly firstRunId: string;
  readonly startedAt: Date;
  readonly request: Pick<PromotionRequest, 'project' | 'stage' | 'freight'>;
}

/**
 * The name of a promotion: the last part of an id `promotion/<project>/<stage>/<name>`, else Kargo's
 * `<stage>.<ULID>.<7 of freight>`, lower case, at most 253 characters. Names of a Stage sort in order of their start.
 */
export function promotionName({ workflowId, firstRunId, startedAt, request }: NameParts): string {
  const prefix = `promotion/${request.project}/${request.stage}/`;
  const given = workflowId.startsWith(prefix) ? workflowId.slice(prefix.length) : '';
  if (isName(given)) return given;
  const tail = `.${ulid(startedAt.getTime(), firstRunId)}.${freightPart(request.freight)}`;
  return request.stage.slice(0, maximumLength - tail.length).replace(/[.-]+$/, '') + tail;
}

const maximumLength = 253;

function isName(text: string): boolean {
  return text.length <= maximumLength && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(text);
}

/** Freight by name or alias, or whole: then its name, as far as it is known without the Stage. */
function freightPart(freight: PromotionRequest['freight']): string {
  const name =
    typeof freight === 'string'
      ? freight
      : (parseFreight(freight[0] ?? {}, locateInInput('freight')).freight?.name ?? '');
  const part = name
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, '')
    .slice(0, 7);
  return part.replace(/^-+|-+$/g, '') || 'freight';
}

/** A ULID that needs no randomness: 48 bits of time, 80 bits of a hash. */
function ulid(time: number, seed: string): string {
  const bits = (BigInt(time) << 80n) | BigInt(`0x${sha1(seed).slice(0, 20)}`);
  return Array.from(
    { length: 26 },
    (_, index) => alphabet[Number((bits >> BigInt(5 * (25 - index))) & 31n)],
  ).join('');
}

/** Crockford's base 32: no i, l, o, u. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

import { failureTypes } from '../core/promotion/calls.ts';
import { explainInvalid } from '../core/promotion/invalid.ts';
import { limits } from '../core/promotion/limits.ts';
import { parseRequest } from '../core/promotion/parse-request.ts';
import type { PromotionRequest } from '../core/promotion/request.ts';
import { formatSize, isDeeperThan, sizeOfJson } from '../core/promotion/size.ts';
import { errorsOf, type Problem } from '../core/problem.ts';
import { createFailure } from './close.ts';

/** The request in the arguments of the workflow. Throws `InvalidPromotion` with every problem in its message. */
export function readRequest(args: readonly unknown[]): PromotionRequest {
  const tooLarge = checkBounds(args);
  const { request, problems } = tooLarge ? { problems: [tooLarge] } : parseRequest(args);
  if (request && errorsOf(problems).length === 0) return request;
  throw createFailure(failureTypes.invalid, explainInvalid(problems));
}

/** Depth first: what comes later recurses. */
function checkBounds(args: readonly unknown[]): Problem | undefined {
  if (isDeeperThan(args, limits.depth)) {
    return problem(`lists and objects are nested more than ${limits.depth} levels deep`);
  }
  const size = sizeOfJson(args);
  if (size <= limits.request) return undefined;
  return problem(
    `${formatSize(size)} are more than the ${formatSize(limits.request)} a promotion may be started with; ` +
      'give the worker a definition source instead of sending definitions along',
  );
}

function problem(message: string): Problem {
  return { message, place: { source: 'input' } };
}

import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import type { Definitions } from '../core/definitions/manifest.ts';
import {
  collectDefinitions,
  definitionsFromJson,
  parseDefinitionFile,
} from '../core/definitions/read-definitions.ts';
import { messageOf } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { formatProblem, type Problem } from '../core/problem.ts';
import { failureTypes, type PlanCall } from '../core/promotion/calls.ts';
import { explainInvalid } from '../core/promotion/invalid.ts';
import { limits } from '../core/promotion/limits.ts';
import { makePlan, type PlanWorld } from '../core/promotion/make-plan.ts';
import type { Plan } from '../core/promotion/plan.ts';
import { cutText, sizeOfJson } from '../core/promotion/size.ts';
import type { DefinitionFiles, DefinitionSource } from '../providers/definitions/definition-source.ts';
import { currentAttempt, underHeartbeat, type Attempt } from './heartbeat.ts';

/** What a worker plans with. */
export interface PlanActivityWorld extends Omit<PlanWorld, 'definitions' | 'source'> {
  /** Where definitions come from that are not sent along; absent = nowhere. */
  readonly source?: DefinitionSource;
  /** Takes secrets out of what is said about the source. */
  readonly redact?: (text: string) => string;
}

/** The activity that makes a plan, or fails as `InvalidPromotion` with every problem. Unreadable sources are tried again. */
export function createPlanActivity(
  world: PlanActivityWorld,
  attempt: () => Attempt = currentAttempt,
): (call: PlanCall) => Promise<Plan> {
  const parse = createParser();
  return async function plan({ request, identity }) {
    const read = request.definitions
      ? readSentAlong(request.definitions)
      : await readSource(world, attempt(), parse);
    const { plan: made, problems } = makePlan(request, identity, { ...world, ...read });
    if (made) return made;
    throw invalid(problems);
  };
}

type Read = Pick<PlanWorld, 'definitions' | 'source'>;
type Parser = (files: DefinitionFiles) => Promise<Definitions>;

function readSentAlong(definitions: readonly JsonObject[]): Read {
  const revision = createHash('sha256').update(JSON.stringify(definitions)).digest('hex');
  return { definitions: definitionsFromJson(definitions), source: { source: 'sent along', revision } };
}

async function readSource(
  { source, redact = (text) => text }: PlanActivityWorld,
  attempt: Attempt,
  parse: Parser,
): Promise<Read> {
  if (!source) return { definitions: nothing, source: { source: 'none', revision: '' } };
  return underHeartbeat(
    attempt,
    () => undefined,
    async () => {
      const files = await source.read(attempt.signal).catch((error: unknown) => {
        if (attempt.signal.aborted) throw error;
        const message = cutText(redact(messageOf(error)), limits.message);
        throw withoutStack(ApplicationFailure.retryable(message, failureTypes.transient));
      });
      return {
        definitions: await parse(files),
        source: { source: source.name, revision: files.revision },
      };
    },
  );
}

const nothing: Definitions = { manifests: [], problems: [], notes: [] };

/** Keeps the last version: most promotions plan with the same. Lets others run between files. */
function createParser(): Parser {
  let known: { readonly revision: string; readonly definitions: Definitions } | undefined;
  return async ({ files, revision }) => {
    if (known?.revision === revision) return known.definitions;
    const parsed = [];
    for (const file of files) {
      parsed.push(parseDefinitionFile(file));
      await setImmediate();
    }
    known = { revision, definitions: collectDefinitions(parsed) };
    return known.definitions;
  };
}

function invalid(problems: readonly Problem[]): ApplicationFailure {
  const message = cutText(explainInvalid(problems), limits.message);
  const failure = ApplicationFailure.nonRetryable(message, failureTypes.invalid, capDetails(problems));
  return withoutStack(failure);
}

/** Clients print the stack below the message, and it would repeat the message. */
function withoutStack(failure: ApplicationFailure): ApplicationFailure {
  failure.stack = '';
  return failure;
}

/** As many problems as fit, as text. */
function capDetails(problems: readonly Problem[]): readonly string[] {
  const lines: string[] = [];
  let size = 2;
  for (const line of problems.map(formatProblem)) {
    size += sizeOfJson(line) + 1;
    if (size > limits.failureDetails) break;
    lines.push(line);
  }
  return lines;
}

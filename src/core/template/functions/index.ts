import { createFunctionTable, type FunctionTable } from '../../expression/function.ts';
import { asJSON } from './quoting/as-json.ts';
import { asYAML } from './quoting/as-yaml.ts';
import { quote } from './quoting/quote.ts';
import { unsafeQuote } from './quoting/unsafe-quote.ts';
import { configMap } from './data/config-map.ts';
import { freightMetadata } from './data/freight-metadata.ts';
import { freightStatus } from './data/freight-status.ts';
import { secret } from './data/secret.ts';
import { sharedConfigMap } from './data/shared-config-map.ts';
import { sharedSecret } from './data/shared-secret.ts';
import { stageMetadata } from './data/stage-metadata.ts';
import { artifactFrom } from './freight/artifact-from.ts';
import { chartFrom } from './freight/chart-from.ts';
import { commitFrom } from './freight/commit-from.ts';
import { imageFrom } from './freight/image-from.ts';
import { warehouse } from './freight/warehouse.ts';
import { semverDiff } from './semver/semver-diff.ts';
import { semverParse } from './semver/semver-parse.ts';
import { always } from './status/always.ts';
import { failure } from './status/failure.ts';
import { status } from './status/status.ts';
import { success } from './status/success.ts';
import { timestamp } from './timestamp.ts';

const quoting = [quote, unsafeQuote, asYAML, asJSON];
const versions = [semverParse, semverDiff];
const freight = [imageFrom, commitFrom, chartFrom, artifactFrom, warehouse];
const data = [
  secret,
  configMap,
  sharedSecret,
  sharedConfigMap,
  freightMetadata,
  freightStatus,
  stageMetadata,
];
const statuses = [always, success, failure, status];

/** What templates know beside the builtins, by what it is about. */
export const templateGroups = { quoting, versions, time: [timestamp], freight, data, statuses };

/** What templates know wherever they stand. */
export const textFunctions: FunctionTable = createFunctionTable([...quoting, ...versions]);

/** What variables of promotions and steps know. */
export const varFunctions: FunctionTable = createFunctionTable([
  ...textFunctions.values(),
  timestamp,
  ...freight,
  ...data,
]);

/** What conditions and configs of steps know. */
export const stepFunctions: FunctionTable = createFunctionTable([...varFunctions.values(), ...statuses]);

/** Functions that read something from outside the promotion. */
export const lookupFunctions: ReadonlySet<string> = new Set(data.map(({ name }) => name));

/** Functions that read how earlier steps ended. */
export const outcomeFunctions: ReadonlySet<string> = new Set(statuses.map(({ name }) => name));

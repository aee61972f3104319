import { Fields, type Locate } from '../fields.ts';
import type { JsonObject } from '../json.ts';
import { errorsOf, type Problem } from '../problem.ts';
import { freightAlias } from './freight-alias.ts';
import { freightName } from './freight-name.ts';
import type { Artifact, Chart, Commit, Freight, Image, Origin } from './freight.ts';

export interface ParsedFreight {
  /** Undefined when there is an error among the problems. */
  readonly freight?: Freight;
  readonly problems: readonly Problem[];
}

/**
 * Freight from a Kargo manifest, or from an object with just its fields. The name is Kargo's hash unless one is given,
 * the alias is derived from the name unless one is given. `origin` is that of Freight that names no Warehouse itself.
 */
export function parseFreight(object: JsonObject, locate: Locate, origin?: Origin): ParsedFreight {
  // The API server drops what it does not know; in hand-written objects it is a mistake.
  const isManifest = Object.hasOwn(object, 'apiVersion');
  const fields = new Fields(object, [], locate, [], isManifest ? 'warning' : 'error');
  const metadata = fields.object('metadata');
  const content = readContent(fields, origin);
  const given = fields.text('name') || metadata?.text('name');
  const name = given || freightName(content);
  const alias = fields.text('alias') || metadata?.object('labels')?.text('kargo.akuity.io/alias');
  if (given) checkName(given, fields, fields.find('name') ? [] : ['metadata']);
  else if (isBare(content) && fields.problems.length === 0)
    fields.report('name', 'Freight needs a name, or at least one artifact');
  for (const known of ['apiVersion', 'kind', 'discoveredAt', 'status']) fields.find(known);
  fields.finish();
  const { problems } = fields;
  if (errorsOf(problems).length > 0) return { problems };
  return { freight: { name, alias: alias || freightAlias(name), ...content }, problems };
}

function readContent(fields: Fields, fallback: Origin | undefined): Omit<Freight, 'name' | 'alias'> {
  const origin = readOrigin(fields) ?? fallback;
  return {
    ...(origin && { origin }),
    commits: fields.objects('commits', 'commits').map(readCommit),
    images: fields.objects('images', 'images').map(readImage),
    charts: fields.objects('charts', 'charts').map(readChart),
    artifacts: fields.objects('artifacts', 'artifacts').map(readArtifact),
  };
}

function readOrigin(fields: Fields): Origin | undefined {
  const origin = fields.object('origin');
  origin?.oneOf('kind', ['Warehouse']);
  const name = origin?.required('name', 'the name of a Warehouse');
  origin?.finish();
  return name === undefined ? undefined : { kind: 'Warehouse', name };
}

function readCommit(fields: Fields): Commit {
  const commit = {
    repoURL: fields.required('repoURL') ?? '',
    id: fields.required('id', 'the SHA of the commit') ?? '',
    ...texts(fields, 'branch', 'tag', 'message', 'author', 'committer', 'subscriptionName'),
  };
  return finished(fields, commit);
}

function readImage(fields: Fields): Image {
  const repoURL = fields.required('repoURL') ?? '';
  const version = texts(fields, 'tag', 'digest', 'subscriptionName');
  if (!version.tag && !version.digest && !fields.find('tag') && !fields.find('digest'))
    fields.report('tag', `image ${repoURL} needs a "tag" or a "digest"`);
  const annotations = readAnnotations(fields.object('annotations'));
  return finished(fields, { repoURL, ...version, ...(annotations && { annotations }) });
}

function readChart(fields: Fields): Chart {
  const chart = {
    repoURL: fields.required('repoURL') ?? '',
    ...texts(fields, 'name', 'subscriptionName'),
    version: fields.required('version') ?? '',
  };
  return finished(fields, chart);
}

function readArtifact(fields: Fields): Artifact {
  const metadata = fields.object('metadata')?.value;
  const artifact = {
    artifactType: fields.required('artifactType') ?? '',
    subscriptionName: fields.required('subscriptionName') ?? '',
    version: fields.required('version') ?? '',
    ...(metadata && { metadata }),
  };
  return finished(fields, artifact);
}

function readAnnotations(fields: Fields | undefined): Readonly<Record<string, string>> | undefined {
  if (!fields) return undefined;
  return Object.fromEntries(Object.keys(fields.value).map((key) => [key, fields.text(key) ?? '']));
}

/** The texts that are there. */
function texts<K extends string>(fields: Fields, ...keys: readonly K[]): Partial<Record<K, string>> {
  const found = keys.map((key) => [key, fields.text(key)]).filter(([, value]) => value);
  return Object.fromEntries(found) as Partial<Record<K, string>>;
}

function finished<T>(fields: Fields, artifact: T): T {
  // Written by older versions of Kargo.
  for (const outdated of ['gitRepoURL', 'healthCheckCommit']) fields.find(outdated);
  fields.finish();
  return artifact;
}

function checkName(name: string, fields: Fields, under: readonly string[]): void {
  if (/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(name)) return;
  fields.problems.push({
    message: `Freight name ${JSON.stringify(name.slice(0, 60))} must be lower-case letters, digits, "-" and ".", at most 253`,
    place: fields.locate([...under, 'name']),
  });
}

function isBare({ commits, images, charts, artifacts }: Omit<Freight, 'name' | 'alias'>): boolean {
  return commits.length + images.length + charts.length + artifacts.length === 0;
}

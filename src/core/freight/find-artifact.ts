import type {
  Artifact,
  Chart,
  Commit,
  Freight,
  FreightSet,
  Image,
  Origin,
  Subscriptions,
} from './freight.ts';
import { isSameRepository, normalizeChartURL } from './urls.ts';

/** More than one piece of Freight could be meant. The message lists them and says how to choose. */
export class FreightLookupError extends Error {
  override readonly name = 'FreightLookupError';
}

/** The commit of a Git repository in the promotion's Freight, undefined when there is none. */
export function findCommit(set: FreightSet, repoURL: string, origin?: Origin): Commit | undefined {
  return find(set, origin, commits, repoURL);
}

/** The image of a repository (compared to the letter) in the promotion's Freight, undefined when there is none. */
export function findImage(set: FreightSet, repoURL: string, origin?: Origin): Image | undefined {
  return find(set, origin, images, repoURL);
}

/**
 * The chart of a repository in the promotion's Freight, undefined when there is none. Without `name`, and when nothing
 * is found to the letter, `repoURL` may also be the chart's name, or the repository of the only chart from there.
 */
export function findChart(
  set: FreightSet,
  repoURL: string,
  name?: string,
  origin?: Origin,
): Chart | undefined {
  const key = { repoURL, name: name ?? '' };
  const exact = find(set, origin, charts, key);
  if (exact || name) return exact;
  return only(collect(set.collection, origin, { ...charts, of: looseCharts }, key), charts, key);
}

/** The artifact of a generic subscription in the promotion's Freight, undefined when there is none. */
export function findArtifact(
  set: FreightSet,
  subscriptionName: string,
  origin?: Origin,
): Artifact | undefined {
  return find(set, origin, artifacts, subscriptionName);
}

/** How artifacts of a kind are found by what people write. */
interface Search<T, K> {
  readonly of: (freight: Freight, key: K) => readonly T[];
  /** How many subscriptions of a Warehouse would provide it. */
  readonly subscribed: (subscriptions: Subscriptions, key: K) => number;
  readonly what: (key: K) => string;
  readonly example: (key: K) => string;
  readonly explain: (artifact: T) => string;
}

const commits: Search<Commit, string> = {
  of: (freight, url) => freight.commits.filter((commit) => isSameRepository(commit.repoURL, url)),
  subscribed: ({ git }, url) => git.filter((known) => isSameRepository(known, url)).length,
  what: (url) => `a commit of ${url}`,
  example: (url) => `commitFrom('${url}', warehouse('NAME'))`,
  explain: ({ id, tag }) => (tag ? `${tag} (${id})` : id),
};

const images: Search<Image, string> = {
  of: (freight, url) => freight.images.filter((image) => image.repoURL === url),
  subscribed: (subscriptions, url) => subscriptions.images.filter((known) => known === url).length,
  what: (url) => `an image of ${url}`,
  example: (url) => `imageFrom('${url}', warehouse('NAME'))`,
  explain: ({ tag, digest }) => tag ?? digest ?? 'without tag',
};

interface ChartKey {
  readonly repoURL: string;
  /** Empty for any. */
  readonly name: string;
}

const charts: Search<Chart, ChartKey> = {
  of: (freight, key) => freight.charts.filter((chart) => isMeant(chart, key)),
  subscribed: (subscriptions, key) => subscriptions.charts.filter((chart) => isMeant(chart, key)).length,
  what: ({ repoURL, name }) => (name ? `chart ${name} of ${repoURL}` : `a chart of ${repoURL}`),
  example: ({ repoURL, name }) => `chartFrom('${repoURL}', ${name ? `'${name}', ` : ''}warehouse('NAME'))`,
  explain: (chart) => `${chartName(chart)} ${chart.version}`,
};

const artifacts: Search<Artifact, string> = {
  of: (freight, name) => freight.artifacts.filter((artifact) => artifact.subscriptionName === name),
  subscribed: (subscriptions, name) => subscriptions.artifacts.filter((known) => known === name).length,
  what: (name) => `an artifact of subscription ${name}`,
  example: (name) => `artifactFrom('${name}', warehouse('NAME'))`,
  explain: ({ version }) => version,
};

function isMeant(chart: { readonly repoURL: string; readonly name?: string }, key: ChartKey): boolean {
  return chart.repoURL === key.repoURL && (chart.name ?? '') === key.name;
}

function looseCharts(freight: Freight, { repoURL }: ChartKey): readonly Chart[] {
  return freight.charts.filter(
    (chart) =>
      chartName(chart) === repoURL || normalizeChartURL(chart.repoURL) === normalizeChartURL(repoURL),
  );
}

interface Match<T> {
  readonly origin: Origin | undefined;
  readonly artifact: T | undefined;
}

/**
 * Kargo's rule: the origin named, else the only requested Warehouse that subscribes to it. Freight whose Warehouse
 * nobody defined is searched itself.
 */
function find<T, K>(
  set: FreightSet,
  origin: Origin | undefined,
  search: Search<T, K>,
  key: K,
): T | undefined {
  if (origin) return collect(set.collection, origin, search, key)[0]?.artifact;
  const subscribed = set.warehouses.flatMap((warehouse): Match<T>[] => {
    const found = collect(set.collection, warehouse.origin, search, key)[0]?.artifact;
    const match = { origin: warehouse.origin, artifact: found };
    return Array.from({ length: search.subscribed(warehouse, key) }, () => match);
  });
  if (subscribed.length > 1) throw ambiguity(subscribed, search, key);
  const known = new Set(set.warehouses.map((warehouse) => warehouse.origin.name));
  const unwatched = set.collection.filter((freight) => !freight.origin || !known.has(freight.origin.name));
  return only([...subscribed, ...collect(unwatched, undefined, search, key)], search, key);
}

function collect<T, K>(
  collection: readonly Freight[],
  origin: Origin | undefined,
  { of }: Search<T, K>,
  key: K,
): readonly Match<T>[] {
  const matches: Match<T>[] = [];
  for (const freight of collection) {
    if (origin && freight.origin?.name !== origin.name) continue;
    for (const artifact of of(freight, key)) matches.push({ origin: freight.origin, artifact });
  }
  return matches;
}

/** The one thing that all matches hold, if they hold any. */
function only<T, K>(matches: readonly Match<T>[], search: Search<T, K>, key: K): T | undefined {
  const found = matches.filter(({ artifact }) => artifact !== undefined);
  if (found.length > 1 && new Set(found.map(({ artifact }) => JSON.stringify(artifact))).size > 1)
    throw ambiguity(found, search, key);
  return found[0]?.artifact;
}

function ambiguity<T, K>(matches: readonly Match<T>[], search: Search<T, K>, key: K): FreightLookupError {
  const candidates = matches.map(({ origin, artifact }) => {
    const version = artifact === undefined ? 'none yet' : search.explain(artifact);
    return `Warehouse ${origin?.name ?? '(none named)'}: ${version}`;
  });
  return new FreightLookupError(
    `${search.what(key)} could come from several places (${candidates.join('; ')}): name one, as in ${search.example(key)}, or with fromOrigin where a step has it`,
  );
}

/** The chart's own name: a chart in an OCI registry is named by its repository. */
function chartName({ repoURL, name }: Chart): string {
  return name || repoURL.slice(repoURL.lastIndexOf('/') + 1);
}

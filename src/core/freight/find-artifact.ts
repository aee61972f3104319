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
  return find(set, origin, {
    what: `a commit of ${repoURL}`,
    example: `commitFrom('${repoURL}', warehouse('NAME'))`,
    of: ({ commits }) => commits.filter((commit) => isSameRepository(commit.repoURL, repoURL)),
    subscribed: ({ git }) => git.filter((url) => isSameRepository(url, repoURL)).length,
    explain: ({ id, tag }) => (tag ? `${tag} (${id})` : id),
  });
}

/** The image of a repository (compared to the letter) in the promotion's Freight, undefined when there is none. */
export function findImage(set: FreightSet, repoURL: string, origin?: Origin): Image | undefined {
  return find(set, origin, {
    what: `an image of ${repoURL}`,
    example: `imageFrom('${repoURL}', warehouse('NAME'))`,
    of: ({ images }) => images.filter((image) => image.repoURL === repoURL),
    subscribed: ({ images }) => images.filter((url) => url === repoURL).length,
    explain: ({ tag, digest }) => tag ?? digest ?? 'without tag',
  });
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
  const search = chartSearch(repoURL, name);
  const exact = find(set, origin, search);
  if (exact || name) return exact;
  const loose = (chart: Chart) =>
    chartName(chart) === repoURL || normalizeChartURL(chart.repoURL) === normalizeChartURL(repoURL);
  return only(
    collect(set.collection, origin, (freight) => freight.charts.filter(loose)),
    search,
  );
}

/** The artifact of a generic subscription in the promotion's Freight, undefined when there is none. */
export function findArtifact(
  set: FreightSet,
  subscriptionName: string,
  origin?: Origin,
): Artifact | undefined {
  return find(set, origin, {
    what: `an artifact of subscription ${subscriptionName}`,
    example: `artifactFrom('${subscriptionName}', warehouse('NAME'))`,
    of: ({ artifacts }) => artifacts.filter((artifact) => artifact.subscriptionName === subscriptionName),
    subscribed: ({ artifacts }) => artifacts.filter((name) => name === subscriptionName).length,
    explain: ({ version }) => version,
  });
}

interface Search<T> {
  readonly what: string;
  readonly example: string;
  readonly of: (freight: Freight) => readonly T[];
  /** How many subscriptions of a Warehouse would provide it. */
  readonly subscribed: (subscriptions: Subscriptions) => number;
  readonly explain: (artifact: T) => string;
}

interface Match<T> {
  readonly origin: Origin | undefined;
  readonly artifact: T | undefined;
}

/**
 * Kargo's rule: the origin named, else the only requested Warehouse that subscribes to it. Freight whose Warehouse
 * nobody defined is searched itself.
 */
function find<T>(set: FreightSet, origin: Origin | undefined, search: Search<T>): T | undefined {
  if (origin) return collect(set.collection, origin, search.of)[0]?.artifact;
  const subscribed = set.warehouses.flatMap((warehouse): Match<T>[] => {
    const found = collect(set.collection, warehouse.origin, search.of)[0]?.artifact;
    const match = { origin: warehouse.origin, artifact: found };
    return Array.from({ length: search.subscribed(warehouse) }, () => match);
  });
  if (subscribed.length > 1) throw ambiguity(subscribed, search);
  const known = new Set(set.warehouses.map((warehouse) => warehouse.origin.name));
  const unwatched = set.collection.filter((freight) => !freight.origin || !known.has(freight.origin.name));
  return only([...subscribed, ...collect(unwatched, undefined, search.of)], search);
}

function collect<T>(
  collection: readonly Freight[],
  origin: Origin | undefined,
  of: (freight: Freight) => readonly T[],
): readonly Match<T>[] {
  return collection
    .filter((freight) => !origin || freight.origin?.name === origin.name)
    .flatMap((freight) => of(freight).map((artifact) => ({ origin: freight.origin, artifact })));
}

/** The one thing that all matches hold, if they hold any. */
function only<T>(matches: readonly Match<T>[], search: Search<T>): T | undefined {
  const found = matches.filter(({ artifact }) => artifact !== undefined);
  if (found.length > 1 && new Set(found.map(({ artifact }) => JSON.stringify(artifact))).size > 1)
    throw ambiguity(found, search);
  return found[0]?.artifact;
}

function ambiguity<T>(matches: readonly Match<T>[], search: Search<T>): FreightLookupError {
  const candidates = matches.map(({ origin, artifact }) => {
    const version = artifact === undefined ? 'none yet' : search.explain(artifact);
    return `Warehouse ${origin?.name ?? '(none named)'}: ${version}`;
  });
  return new FreightLookupError(
    `${search.what} could come from several places (${candidates.join('; ')}): name one, as in ${search.example}, or with fromOrigin where a step has it`,
  );
}

function chartSearch(repoURL: string, name: string | undefined): Search<Chart> {
  const isMeant = (chart: { readonly repoURL: string; readonly name?: string }) =>
    chart.repoURL === repoURL && (chart.name ?? '') === (name ?? '');
  return {
    what: name ? `chart ${name} of ${repoURL}` : `a chart of ${repoURL}`,
    example: `chartFrom('${repoURL}', ${name ? `'${name}', ` : ''}warehouse('NAME'))`,
    of: ({ charts }) => charts.filter(isMeant),
    subscribed: ({ charts }) => charts.filter(isMeant).length,
    explain: (chart) => `${chartName(chart)} ${chart.version}`,
  };
}

/** The chart's own name: a chart in an OCI registry is named by its repository. */
function chartName({ repoURL, name }: Chart): string {
  return name || repoURL.slice(repoURL.lastIndexOf('/') + 1);
}

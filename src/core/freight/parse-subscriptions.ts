import { Fields, type Locate } from '../fields.ts';
import type { JsonObject } from '../json.ts';
import type { Problem } from '../problem.ts';
import type { Origin, Subscriptions } from './freight.ts';

/** What a Warehouse manifest subscribes to. What is malformed is left out and reported. */
export function parseSubscriptions(
  body: JsonObject,
  locate: Locate,
  origin: Origin,
): { readonly found: Subscriptions; readonly problems: readonly Problem[] } {
  const fields = new Fields(body, [], locate, []);
  const list = fields.object('spec')?.objects('subscriptions', 'subscriptions') ?? [];
  const found = {
    origin,
    git: list.flatMap((item) => item.object('git')?.required('repoURL') ?? []),
    images: list.flatMap((item) => item.object('image')?.required('repoURL') ?? []),
    charts: list.flatMap((item) => readChart(item.object('chart')) ?? []),
    artifacts: list.flatMap(readGeneric),
  };
  return { found, problems: fields.problems };
}

function readChart(chart: Fields | undefined): Subscriptions['charts'][number] | undefined {
  const repoURL = chart?.required('repoURL');
  const name = chart?.text('name');
  return repoURL === undefined ? undefined : { repoURL, ...(name && { name }) };
}

/** Any other key is a generic subscription, known by its name. */
function readGeneric(item: Fields): readonly string[] {
  const isGeneric = Object.keys(item.value).some((key) => !['git', 'image', 'chart', 'name'].includes(key));
  return isGeneric ? [item.text('name') ?? []].flat() : [];
}

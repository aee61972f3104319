import { listManifests, findManifest, type Definitions, type Manifest } from '../definitions/manifest.ts';
import { nearest } from '../did-you-mean.ts';
import { locateInInput, shorten } from '../fields.ts';
import type { Freight, FreightSet, Origin, Subscriptions } from '../freight/freight.ts';
import { parseFreight, type ParsedFreight } from '../freight/parse-freight.ts';
import { parseSubscriptions } from '../freight/parse-subscriptions.ts';
import type { JsonObject, JsonPath } from '../json.ts';
import type { Problem } from '../problem.ts';
import type { PromotionRequest } from './request.ts';

export interface RequestedFreight {
  /** Undefined when there is an error among the problems. */
  readonly freight?: FreightSet;
  readonly problems: readonly Problem[];
}

/**
 * The Freight a request asks for, by name, by alias or whole, and what its functions search. `origins` are those the
 * Stage requests; Freight that names no Warehouse belongs to the only one.
 */
export function findRequestedFreight(
  request: PromotionRequest,
  definitions: Definitions,
  origins: readonly Origin[],
): RequestedFreight {
  const fallback = origins.length === 1 ? origins[0] : undefined;
  const { parsed, problems: missing } =
    typeof request.freight === 'string'
      ? findByName(request.freight, request.project, definitions)
      : parseInline(request.freight, fallback);
  const problems = [...missing, ...parsed.flatMap((one) => one.problems)];
  const freight = parsed.flatMap((one) => one.freight ?? []);
  const [target] = freight;
  if (!target || freight.length < parsed.length) return { problems };
  const checked = checkOrigins(freight, origins, request);
  const warehouses = readWarehouses(origins, request.project, definitions);
  const collection = freight.filter((one) => one === target || isRequested(one, origins));
  return {
    freight: { target, collection, origins, warehouses: warehouses.map(({ found }) => found) },
    problems: [...problems, ...checked, ...warehouses.flatMap((one) => one.problems)],
  };
}

interface Found {
  readonly parsed: readonly ParsedFreight[];
  readonly problems: readonly Problem[];
}

function parseInline(list: readonly JsonObject[], fallback: Origin | undefined): Found {
  const parsed = list.map((object, index) => {
    const path: JsonPath = list.length > 1 ? ['freight', index] : ['freight'];
    return parseFreight(object, locateInInput(...path), fallback);
  });
  return { parsed, problems: [] };
}

function findByName(name: string, project: string, definitions: Definitions): Found {
  if (['current', 'latest', 'previous'].includes(name))
    return missing(
      `Freight ${shorten(name)} needs the Stage's record, which is not kept yet: name a piece of Freight, or send it whole`,
    );
  const byName = findManifest(definitions, 'Freight', name, project);
  if (byName) return { parsed: [parseManifest(byName)], problems: [] };
  const all = listManifests(definitions, 'Freight', project);
  const byAlias = all.filter((manifest) => parseManifest(manifest).freight?.alias === name);
  if (byAlias.length > 1) {
    const names = byAlias.map((manifest) => manifest.name).join(', ');
    return missing(`alias ${shorten(name)} belongs to several pieces of Freight: ${names}. Use a name`);
  }
  if (byAlias[0]) return { parsed: [parseManifest(byAlias[0])], problems: [] };
  return missing(explainUnknown(name, all));
}

function missing(message: string): Found {
  return { parsed: [], problems: [{ message, place: { source: 'input', path: ['freight'] } }] };
}

function explainUnknown(name: string, all: readonly Manifest[]): string {
  const known = all
    .flatMap((manifest) => [manifest.name, parseManifest(manifest).freight?.alias ?? []])
    .flat();
  const unknown = `Freight ${shorten(name)} is not among the definitions`;
  if (known.length === 0) return `${unknown}, which hold no Freight: ${remedy}`;
  const near = nearest(name, known);
  const listed = known.slice(0, 20).join(', ');
  return `${unknown}${near ? `, did you mean ${shorten(near)}?` : `; known: ${listed}.`} Or ${remedy}`;
}

const remedy =
  'send the whole Freight as an object instead of its name (gantry promote: name a file with it)';

function parseManifest({ body, locate }: Manifest): ParsedFreight {
  return parseFreight(body, locate);
}

function isRequested({ origin }: Freight, origins: readonly Origin[]): boolean {
  return !origin || origins.length === 0 || origins.some(({ name }) => name === origin.name);
}

function checkOrigins(
  freight: readonly Freight[],
  origins: readonly Origin[],
  request: PromotionRequest,
): readonly Problem[] {
  const requested = origins.map(({ name }) => name).join(', ');
  return freight.flatMap((one, index): readonly Problem[] => {
    const path = Array.isArray(request.freight) && freight.length > 1 ? ['freight', index] : ['freight'];
    const place = { source: 'input', path };
    const name = one.origin?.name;
    const other = freight.slice(0, index).find(({ origin }) => name !== undefined && origin?.name === name);
    if (other)
      return [
        { message: `a second piece of Freight from Warehouse "${name}": only one can be in a Stage`, place },
      ];
    if (isRequested(one, origins)) return [];
    const message = `Freight "${one.alias}" comes from Warehouse "${name}", but Stage "${request.stage}" requests only ${requested}`;
    if (index === 0) return [{ message, place }];
    return [{ message: `${message}: left out`, place, severity: 'warning' }];
  });
}

/** A Warehouse that is not among the definitions is no problem: then the promotion's own Freight is searched. */
function readWarehouses(
  origins: readonly Origin[],
  project: string,
  definitions: Definitions,
): readonly { readonly found: Subscriptions; readonly problems: readonly Problem[] }[] {
  return origins.flatMap((origin) => {
    const manifest = findManifest(definitions, 'Warehouse', origin.name, project);
    return manifest ? [parseSubscriptions(manifest.body, manifest.locate, origin)] : [];
  });
}

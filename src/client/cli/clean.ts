import type { Store, StoreName, StorePlaces } from '../../stores.ts';
import { InvalidInput } from '../errors.ts';
import { argument, defineCommand, option, settingOption, type Call } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { printResult } from './output.ts';
import { formatTable } from './table.ts';
import { findToolCache } from './tool-cache.ts';

interface CleanOptions {
  readonly yes?: boolean;
}

export const clean = defineCommand<CleanOptions>({
  name: 'clean',
  summary: 'Remove what Gantry keeps on this machine',
  description: [
    'data        database of `gantry dev` with every promotion in it, its logs, repository of the demo',
    'workspaces  files of promotions, mirrors of repositories',
    'bundles     workflow code, kept so that workers start sooner; made anew by the next one',
    'tools       programs that were downloaded or built; minutes to make again',
    '',
    'Lists first, then asks. Files of others are left alone. Refused while something runs there.',
  ].join('\n'),
  arguments: [
    argument('[what...]', 'what to remove (default: everything)').choices([
      'data',
      'workspaces',
      'bundles',
      'tools',
    ]),
  ],
  options: [option('--yes', 'do not ask'), settingOption('workspaces'), settingOption('tools')],
  examples: ['gantry clean', 'gantry clean data workspaces --yes'],
  async run(call) {
    const { findStores, withStoresLocked } = await import('../../stores.ts');
    const places = await findPlaces(call);
    const wanted = (await findStores(places)).filter(({ name }) => isWanted(call, name));
    const full = wanted.filter(({ entries }) => entries.length > 0);
    // Whether it can be done, people want to know before they are asked.
    await withStoresLocked(places, async () => {});
    const removed = full.length > 0 && (await isAgreed(call, full)) && (await removeStores(places, full));
    await printResult(
      call,
      full.map((store) => describe(store, removed)),
      () => report(full, removed),
    );
    return full.length > 0 && !removed ? exitCodes.failed : exitCodes.succeeded;
  },
});

/** Where the settings say that things are. */
export async function findPlaces({
  settings,
  terminal,
}: Pick<Call, 'settings' | 'terminal'>): Promise<StorePlaces> {
  const { data, workspaces } = settings;
  return { data, workspaces, tools: await findToolCache(settings, terminal), env: terminal.env };
}

/** Removes the stores as they were listed; rejects, with nothing removed, when something runs there. */
export async function removeStores(places: StorePlaces, stores: readonly Store[]): Promise<true> {
  const { removeEmptyFolders, removeStore, withStoresLocked } = await import('../../stores.ts');
  await withStoresLocked(places, async () => {
    for (const store of stores) await removeStore(store);
  });
  await removeEmptyFolders(stores);
  return true;
}

function isWanted({ args }: Call, name: StoreName): boolean {
  return args.length === 0 || args.includes(name);
}

/** The list comes first in any case: as a table for people, whatever the result is printed as. */
async function isAgreed(
  { options, terminal }: Call<CleanOptions>,
  stores: readonly Store[],
): Promise<boolean> {
  terminal.err.write(
    formatTable(
      ['WHAT', 'SIZE', 'FOLDER'],
      stores.map(({ name, bytes, path }) => [name, formatBytes(bytes), path]),
    ),
  );
  if (options.yes) return true;
  if (!terminal.ask) throw new InvalidInput('Nobody is there to ask: add --yes to remove this');
  const answer = await terminal.ask('Remove all of this? [y/N] ');
  return /^y(es)?$/i.test(answer.trim());
}

function describe({ name, path, bytes }: Store, removed: boolean): object {
  return { name, path, bytes, removed };
}

function report(stores: readonly Store[], removed: boolean): string {
  if (stores.length === 0) return 'There is nothing to remove.\n';
  const bytes = stores.reduce((sum, store) => sum + store.bytes, 0);
  return removed ? `Removed ${formatBytes(bytes)}.\n` : 'Nothing was removed.\n';
}

/** `1.4 MiB` */
function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${Number((bytes / 1024 ** power).toFixed(1))} ${units[power]}`;
}

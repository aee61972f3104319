import type { Settings } from '../settings.ts';
import { settingKeys, settingNames } from '../settings/keys.ts';
import { defineCommand, settingOption, type Call } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { printResult } from './output.ts';
import { formatTable } from './table.ts';

export const config = defineCommand({
  name: 'config',
  summary: 'Show every setting, its value, and where that comes from',
  description: [
    'Flags win over GANTRY_* variables, those over gantry.yaml, and that over defaults.',
    'Where Temporal is, its own settings say (TEMPORAL_ADDRESS, temporal.toml), else a running `gantry dev`.',
  ].join('\n'),
  options: settingNames.filter((name) => name !== 'data').map(settingOption),
  examples: ['gantry config', 'gantry config -o json', 'gantry config --config ./staging.yaml'],
  async run(call) {
    const rows = [...settingRows(call.settings), ...(await temporalRows(call))];
    await printResult(call, rows, () =>
      formatTable(
        ['KEY', 'VALUE', 'ORIGIN'],
        rows.map(({ key, value, origin }) => [key, value ?? '-', origin ?? '-']),
      ),
    );
    return exitCodes.succeeded;
  },
});

/** Both are null for what nobody says and nobody needs to say. */
interface ConfigRow {
  readonly key: string;
  readonly value: string | null;
  readonly origin: string | null;
}

function settingRows(settings: Settings): readonly ConfigRow[] {
  return settingNames.map((name) => {
    return {
      key: settingKeys[name].key,
      value: settings[name] ?? null,
      origin: settings.origins[name] ?? null,
    };
  });
}

async function temporalRows({ settings, terminal }: Call): Promise<readonly ConfigRow[]> {
  const { findTarget } = await import('../connect.ts');
  const { address, namespace, origin } = await findTarget(settings, terminal.env);
  return [
    { key: 'temporal.address', value: address, origin },
    { key: 'temporal.namespace', value: namespace, origin: namespaceOrigin(namespace, origin, terminal.env) },
  ];
}

function namespaceOrigin(
  namespace: string,
  origin: string,
  { TEMPORAL_NAMESPACE }: NodeJS.ProcessEnv,
): string {
  if (TEMPORAL_NAMESPACE === namespace) return 'TEMPORAL_NAMESPACE';
  return origin === 'TEMPORAL_ADDRESS' ? 'default' : origin;
}

import { stepModules } from '../settings.ts';
import { defineCommand, settingOption } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { printResult } from './output.ts';
import { formatTable } from './table.ts';

export const steps = defineCommand({
  name: 'steps',
  summary: 'List the steps that promotions can use',
  description: 'What users write after `uses:`, and what it does.',
  options: [settingOption('steps')],
  examples: ['gantry steps', 'gantry steps -o json', 'gantry steps --steps ./my-steps.js'],
  async run(call) {
    const { loadCatalogue } = await import('../definitions.ts');
    const kinds = [...(await loadCatalogue(stepModules(call.settings))).values()];
    const list = kinds.map(({ kind, summary }) => ({ name: kind, summary }));
    list.sort((a, b) => (a.name < b.name ? -1 : 1));
    await printResult(call, list, () =>
      formatTable(
        ['STEP', 'WHAT'],
        list.map(({ name, summary }) => [name, summary]),
      ),
    );
    return exitCodes.succeeded;
  },
});

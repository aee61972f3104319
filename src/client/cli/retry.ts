import type { JsonObject } from '../../core/json.ts';
import { InvalidInput } from '../errors.ts';
import { collect, parseAssignment, parseValue } from './assignments.ts';
import { option, type Call } from './command.ts';
import { defineControl, type ControlOptions } from './define-control.ts';
import { isFiltered } from './filter-options.ts';
import { readObjectArgument } from './read-file-argument.ts';

interface RetryOptions extends ControlOptions {
  readonly step?: string;
  readonly config?: string;
  readonly set?: readonly string[];
  readonly var?: readonly string[];
}

export const retry = defineControl<'retry', RetryOptions>({
  name: 'retry',
  summary: 'Run the step again that a promotion is held at',
  description:
    'The same run goes on with the same files and outputs; what was done before is not done again.\n' +
    'Keys of the config that are given replace those of the Stage; null takes a key away.',
  many: true,
  ownsConfig: true,
  options: [
    option('--step <alias>', 'the step that is meant: refused when the promotion is held at another'),
    option('--config <file>', 'corrected keys of its config: a file with an object, - is standard input'),
    option(
      '--set <key=value>',
      'one corrected key; the value as text, number or JSON; may be repeated',
    ).argParser(collect),
    option('--var <name=value>', 'a variable of this step; may be repeated').argParser(collect),
  ],
  examples: [
    "gantry retry 01k9s3v6m7d8q2w4x5y6z7a8b9 --reason 'the deploy key is back'",
    'gantry retry 01k9s3v6m7d8q2w4x5y6z7a8b9 --step push --set targetBranch=main',
    "gantry retry --query \"GantryProject = 'demo'\" --reason 'registry is back' --yes",
  ],
  async createCall(caller, call) {
    const { step, var: vars } = call.options;
    const config = await readConfig(call);
    if (isFiltered(call.options) && (step !== undefined || config || vars)) {
      throw new InvalidInput('--step, --config, --set and --var correct one promotion: name it');
    }
    return {
      ...caller,
      ...(step !== undefined && { step }),
      ...(config && { config }),
      ...(vars && { vars: vars.map((text) => parseAssignment('--var', 'variable', text)) }),
    };
  },
});

async function readConfig({ options, terminal }: Call<RetryOptions>): Promise<JsonObject | undefined> {
  const { config, set } = options;
  if (config === undefined && !set) return undefined;
  const given = config === undefined ? {} : await readObjectArgument('--config', config, terminal);
  const single = (set ?? []).map((text) => {
    const { name, value } = parseAssignment('--set', 'key', text);
    return [name, parseValue(`--set ${name}`, value)] as const;
  });
  return { ...given, ...Object.fromEntries(single) };
}

import type { Option } from 'commander';
import type { Caller, Control, ControlCalls } from '../../core/promotion/control.ts';
import { loginName } from '../actor.ts';
import { InvalidInput } from '../errors.ts';
import { defineCommand, option, type Call, type CommandDefinition } from './command.ts';
import { filterOptions, isFiltered, type FilterOptions } from './filter-options.ts';
import { promotionArgument, promotionNames } from './promotion-argument.ts';

/** Options of every command that operates promotions. */
export interface ControlOptions extends FilterOptions {
  readonly reason?: string;
  readonly actor?: string;
  readonly yes?: boolean;
}

/** A command that sends one update; what it adds to the caller comes from options of its own. */
export interface ControlDefinition<Kind extends Control, Options extends ControlOptions> {
  readonly name: Kind;
  readonly summary: string;
  readonly description: string;
  /** Can be done to all that a filter finds. */
  readonly many: boolean;
  readonly ownsConfig?: boolean;
  readonly options?: readonly Option[];
  readonly examples: readonly string[];
  /** The update's argument; InvalidInput for options that make no sense. */
  readonly createCall?: (caller: Caller, call: Call<Options>) => Promise<ControlCalls[Kind]>;
}

/** Makes the command: one promotion by its id, or all of a filter after a look at them. */
export function defineControl<Kind extends Control, Options extends ControlOptions = ControlOptions>(
  definition: ControlDefinition<Kind, Options>,
): CommandDefinition {
  const { name, many, createCall, ...rest } = definition;
  return defineCommand<Options>({
    ...rest,
    name,
    description: [rest.description, promotionNames, ...(many ? [manyText] : []), codesText].join('\n\n'),
    arguments: [promotionArgument(many ? '[promotion]' : '<promotion>')],
    options: [
      option('--reason <text>', 'why, for those who read the history'),
      option('--actor <name>', 'who decides (default: the name you are logged in as)'),
      ...(rest.options ?? []),
      ...(many ? [...filterOptions(), option('--yes', 'do not ask before changing many')] : []),
    ],
    async run(call) {
      const caller = callerOf(call.options);
      const isMany = checkTarget(name, call, many);
      const update = createCall ? await createCall(caller, call) : (caller as ControlCalls[Kind]);
      const { openPromotions } = await import('../open-promotions.ts');
      const session = await openPromotions(call.settings, call.terminal.env);
      try {
        if (!isMany) return await (await import('./control-one.ts')).controlOne(call, session, name, update);
        return await (await import('./control-many.ts')).controlMany(call, session, name, update);
      } finally {
        await session.close();
      }
    },
  });
}

const manyText =
  'With --query, --project, --stage, --freight or --since instead: every promotion under way that is found.\n' +
  'They are listed, and it asks before it changes them.';

const codesText =
  'Exit codes: 0 done, 2 refused or unknown, 4 no Temporal server, 1 no worker answers, or one of many was refused.';

function callerOf({ actor = loginName(), reason }: ControlOptions): Caller {
  if (!actor?.trim()) throw new InvalidInput('Say who decides: --actor NAME');
  return { actor, ...(reason !== undefined && { reason }) };
}

function checkTarget(name: string, { args, options }: Call<ControlOptions>, many: boolean): boolean {
  const filtered = many && isFiltered(options);
  if (args.length > 0 && filtered) {
    throw new InvalidInput('Name one promotion, or say which with --query and the like: not both');
  }
  if (args.length > 0 || filtered) return filtered;
  throw new InvalidInput(`Say which promotion: gantry ${name} ID; \`gantry promotions\` lists them`);
}

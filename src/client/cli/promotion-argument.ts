import type { Argument } from 'commander';
import type { Held } from '../events.ts';
import type { PromotionRef } from '../promotions.ts';
import type { Settings } from '../settings.ts';
import { argument } from './command.ts';

/** What a promotion can be named by, for descriptions of commands. */
export const promotionNames =
  'A promotion is named by its workflow id, its name, <project>/<stage>/<name>, or a part that no other has.';

/** The argument that names a promotion; shells complete it. */
export function promotionArgument(flags: '<promotion>' | '[promotion]'): Argument {
  return argument(flags, 'which promotion');
}

/** A command line about a promotion, with what it takes to find the same server from this folder. */
export function commandAbout(
  command: string,
  { workflowId }: PromotionRef,
  { data, origins }: Pick<Settings, 'data' | 'origins'>,
): string {
  const where = origins.data === '--data' ? ` --data ${quoteWord(data)}` : '';
  return `gantry ${command} ${quoteWord(workflowId)}${where}`;
}

/** The command lines that answer a promotion which is held. */
export function answersTo(
  { options }: Pick<Held, 'options'>,
  ref: PromotionRef,
  settings: Pick<Settings, 'data' | 'origins'>,
): readonly string[] {
  return options.map((name) => `${commandAbout(name, ref, settings)} --reason TEXT`);
}

/** One word of a shell, whatever is in it. */
function quoteWord(text: string): string {
  return /^[\w./:@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

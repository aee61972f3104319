import { argument, defineCommand } from './command.ts';
import { exitCodes } from './exit-codes.ts';

/** Asked by completion scripts while somebody types: quick, and silent whatever happens. */
export const complete = defineCommand({
  name: 'complete',
  summary: 'List what can be typed, for shells',
  description: 'Promotions that begin as typed: those under way first, then the last that ended.',
  hidden: true,
  arguments: [
    argument('<what>', 'what is typed').choices(['promotions']),
    argument('[typed]', 'its beginning'),
  ],
  examples: ['gantry complete promotions 01k9'],
  async run({ args, settings, terminal }) {
    const names = await within(patience, async () => {
      const { openPromotions } = await import('../open-promotions.ts');
      const { directory, close } = await openPromotions(settings, terminal.env);
      try {
        const { rows } = await directory.list({}, most);
        return rows.flatMap((row) => completionOf(row, args[1] ?? ''));
      } finally {
        await close();
      }
    });
    for (const name of new Set(names)) terminal.out.write(`${name}\n`);
    return exitCodes.succeeded;
  },
});

/** Milliseconds after which a person has typed on. */
const patience = 1500;

const most = 100;

/** The id that goes on from what is typed; nothing that a shell would have to quote, or a terminal must not show. */
function completionOf(
  { workflowId, name }: { readonly workflowId: string; readonly name?: string },
  typed: string,
): readonly string[] {
  const forms = [workflowId, workflowId.replace('promotion/', ''), ...(name ? [name] : [])];
  return forms.filter((form) => form.startsWith(typed) && /^[\w./-]+$/.test(form)).slice(0, 1);
}

async function within<Value>(ms: number, work: () => Promise<readonly Value[]>): Promise<readonly Value[]> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<readonly Value[]>((resolve) => {
    timer = setTimeout(() => resolve([]), ms);
  });
  try {
    return await Promise.race([work().catch(() => []), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

import { InvalidInput } from '../errors.ts';
import { argument, defineCommand, option } from './command.ts';
import { parseTimeout } from './parse-timeout.ts';

interface WatchCommandOptions {
  readonly timeout?: string;
}

export const watch = defineCommand<WatchCommandOptions>({
  name: 'watch',
  summary: 'Follow a promotion that somebody has started, from its beginning to its end',
  description: [
    'The promotion is named by its workflow id; <project>/<stage>/<name> will do for one of `gantry promote`.',
    'Ctrl-C stops watching, never the promotion. Exit codes are those of `gantry promote`.',
  ].join('\n'),
  arguments: [argument('<promotion>', 'workflow id of the promotion')],
  options: [option('--timeout <duration>', 'stop following after this time, such as 10m')],
  examples: [
    'gantry watch promotion/demo/test/01k9s3v6m7d8q2w4x5y6z7a8b9',
    'gantry watch demo/test/01k9s3v6m7d8q2w4x5y6z7a8b9 --timeout 10m -o json',
  ],
  async run(call) {
    const { args, options, settings, terminal } = call;
    const timeout = options.timeout === undefined ? undefined : parseTimeout('--timeout', options.timeout);
    const workflowId = workflowIdOf(args[0]!);
    const { openPromotions } = await import('../open-promotions.ts');
    const session = await openPromotions(settings.data, terminal.env);
    try {
      const { watchPromotion } = await import('./watch-promotion.ts');
      return await watchPromotion(call, session, { workflowId }, { timeout });
    } finally {
      await session.close();
    }
  },
});

/** Three parts are what `gantry promote` puts behind `promotion/`; any other id is taken as it is. */
function workflowIdOf(text: string): string {
  if (text.trim() === '') throw new InvalidInput('Say which promotion: its workflow id is missing');
  return /^[^/]+\/[^/]+\/[^/]+$/.test(text) ? `promotion/${text}` : text;
}

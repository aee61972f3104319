import { defineCommand, option } from './command.ts';
import { parseTimeout } from './parse-timeout.ts';
import { promotionArgument, promotionNames } from './promotion-argument.ts';

interface WatchCommandOptions {
  readonly timeout?: string;
}

export const watch = defineCommand<WatchCommandOptions>({
  name: 'watch',
  summary: 'Follow a promotion that somebody has started, from its beginning to its end',
  description: [
    promotionNames,
    'Ctrl-C stops watching, never the promotion. Exit codes are those of `gantry promote`.',
  ].join('\n'),
  arguments: [promotionArgument('<promotion>')],
  options: [option('--timeout <duration>', 'stop following after this time, such as 10m')],
  examples: [
    'gantry watch promotion/demo/test/01k9s3v6m7d8q2w4x5y6z7a8b9',
    'gantry watch demo/test/01k9s3v6m7d8q2w4x5y6z7a8b9 --timeout 10m -o json',
  ],
  async run(call) {
    const { args, options, settings, terminal } = call;
    const timeout = options.timeout === undefined ? undefined : parseTimeout('--timeout', options.timeout);
    const { openPromotions } = await import('../open-promotions.ts');
    const session = await openPromotions(settings, terminal.env);
    try {
      const { workflowId } = await session.directory.find(args[0] ?? '');
      const { watchPromotion } = await import('./watch-promotion.ts');
      return await watchPromotion(call, session, { workflowId }, { timeout });
    } finally {
      await session.close();
    }
  },
});

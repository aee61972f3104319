import { createPaint } from '../present/paint.ts';
import { defineCommand } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { printResult } from './output.ts';
import { answersTo, promotionArgument, promotionNames } from './promotion-argument.ts';

export const promotion = defineCommand({
  name: 'promotion',
  summary: 'Show one promotion: its steps, attempts, errors, links and decisions',
  description: [
    promotionNames,
    'It may be over: it is known for as long as the namespace keeps it. -o json shows outputs and health checks, too.',
  ].join('\n'),
  arguments: [promotionArgument('<promotion>')],
  examples: [
    'gantry promotion 01k9s3v6m7d8q2w4x5y6z7a8b9',
    'gantry promotion demo/test/01k9s3v6m7d8q2w4x5y6z7a8b9 -o json',
  ],
  async run(call) {
    const { args, settings, terminal } = call;
    const { openPromotions } = await import('../open-promotions.ts');
    const session = await openPromotions(settings, terminal.env);
    try {
      const row = await session.directory.find(args[0] ?? '');
      const { readDetail } = await import('../promotion-detail.ts');
      const detail = await readDetail(session, row);
      const { webUiOf } = await import('../web-ui.ts');
      const url = webUiOf(session.target, row);
      const { status, note } = detail;
      const { phase } = row.phase === 'Running' && status ? status : row;
      const more = { phase, ...(url && { url }), ...(note && { note }) };
      const { drawDetail } = await import('../present/detail.ts');
      await printResult(call, { ...row, ...status, ...more }, () => {
        const waitingFor = status?.waitingFor;
        const answers = waitingFor?.kind === 'decision' ? answersTo(waitingFor, row, settings) : [];
        const paint = createPaint(terminal.out, terminal.env);
        return drawDetail(detail, { paint, now: Date.now(), url, answers });
      });
      return exitCodes.succeeded;
    } finally {
      await session.close();
    }
  },
});

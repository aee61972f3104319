import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { formatReport, isClean, summarize } from './chaos/report.ts';
import { runChaos } from './chaos/run.ts';

/**
 * Promotions while everything around them dies: `npm run chaos -- --promotions N --seed S [--pull-requests N] [--keep DIR]`.
 * `--pull-requests` of the promotions open one on a real Gitea and wait until the storm merges it. Prints what was done and
 * survived, then one line of JSON; exits with 0 only if every promotion succeeded and nothing was done twice, lost, stuck,
 * or left behind.
 */
const { values } = parseArgs({
  options: {
    promotions: { type: 'string' },
    seed: { type: 'string' },
    'pull-requests': { type: 'string' },
    keep: { type: 'string' },
  },
});
const promotions = Number(values.promotions ?? 20);
const seed = Number(values.seed ?? 1);
const pullRequests = Number(values['pull-requests'] ?? 0);
const isWrong = ![promotions, seed, pullRequests].every(Number.isSafeInteger);
if (isWrong || promotions < 1 || pullRequests < 0 || pullRequests > promotions) {
  console.error('Usage: npm run chaos -- --promotions N --seed S [--pull-requests N] [--keep DIR]');
  process.exit(2);
}
const log = (text: string) => console.error(text);
const keep = values.keep === undefined ? {} : { keep: resolve(values.keep) };
const result = await runChaos({ promotions, pullRequests, seed, log, ...keep });
console.log(formatReport(result));
console.log(JSON.stringify(summarize(result)));
process.exitCode = isClean(result) ? 0 : 1;

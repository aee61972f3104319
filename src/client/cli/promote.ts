import type { JsonObject } from '../../core/json.ts';
import { loginName } from '../actor.ts';
import type { LocalDefinitions } from '../check-request.ts';
import { InvalidInput } from '../errors.ts';
import { stepModules } from '../settings.ts';
import { collect, parseAssignment } from './assignments.ts';
import { defineCommand, option, settingOption, type Call } from './command.ts';
import { parseTimeout } from './parse-timeout.ts';

interface PromoteOptions {
  readonly project?: string;
  readonly stage?: string;
  readonly freight?: string;
  readonly definitions?: string;
  readonly var?: readonly string[];
  readonly actor?: string;
  readonly onFailure?: string;
  readonly promotionTimeout?: string;
  readonly timeout?: string;
  readonly wait: boolean;
}

export const promote = defineCommand<PromoteOptions>({
  name: 'promote',
  summary: 'Promote Freight to a Stage and follow the promotion',
  description: [
    'Ctrl-C detaches: the promotion goes on, and how to follow and to abort it is printed.',
    'Exit codes: 0 Succeeded, 1 Failed or Errored, 2 invalid, 3 Aborted, 4 no Temporal server, 5 held and',
    'needs a decision (without a terminal), 6 --timeout passed, 130 Ctrl-C.',
  ].join('\n'),
  options: [
    option('--project <name>', 'project of the Stage'),
    option('--stage <name>', 'Stage to promote to'),
    option('--freight <file|name>', 'a file with Freight, or its name or alias'),
    option(
      '--definitions <dir>',
      'read the definitions here and send them along (default: those of the worker)',
    ),
    settingOption('steps'),
    option('--var <name=value>', 'a promotion variable; may be repeated').argParser(collect),
    option('--actor <name>', 'who promotes (default: the name you are logged in as)'),
    option('--on-failure <what>', 'what a failed step means').choices(['fail', 'hold']),
    option('--promotion-timeout <duration>', 'end the promotion after this time, such as 2h'),
    option('--timeout <duration>', 'stop following after this time, such as 10m; the promotion goes on'),
    option('--no-wait', 'return when the plan is made'),
  ],
  examples: [
    'gantry promote --project demo --stage test --freight freight.yaml --definitions ./pipelines',
    'gantry promote --project demo --stage prod --freight amber-otter --var branch=main --no-wait',
  ],
  async run(call) {
    const { options, settings, terminal } = call;
    const what = getTarget(options);
    const timeout = options.timeout === undefined ? undefined : parseTimeout('--timeout', options.timeout);
    const { readFreightArgument } = await import('../freight-argument.ts');
    const freight = await readFreightArgument(what.freight, terminal.cwd);
    const request = createRequest(options, { ...what, freight });
    const { checkRequest } = await import('../check-request.ts');
    const checked = await checkRequest(request, localDefinitions(call));
    const { openPromotions } = await import('../open-promotions.ts');
    const session = await openPromotions(settings, terminal.env);
    try {
      const { watchPromotion } = await import('./watch-promotion.ts');
      const ref = await session.promotions.start(checked);
      return await watchPromotion(call, session, ref, { timeout, untilPlanned: !options.wait });
    } finally {
      await session.close();
    }
  },
});

function localDefinitions({
  options: { definitions },
  settings,
  terminal: { cwd, err },
}: Call<PromoteOptions>): LocalDefinitions | undefined {
  if (definitions === undefined) return undefined;
  return {
    path: definitions,
    cwd,
    modules: stepModules(settings),
    onWarning: (text) => void err.write(`${text}\n`),
  };
}

/** What cannot be left out; InvalidInput names all that is missing. */
function getTarget({
  project,
  stage,
  freight,
}: PromoteOptions): Readonly<Record<'project' | 'stage' | 'freight', string>> {
  if (project && stage && freight) return { project, stage, freight };
  const missing = Object.entries({ project, stage, freight }).filter(([, value]) => !value);
  const flags = missing.map(([name]) => `--${name}`).join(', ');
  throw new InvalidInput(
    `Say what to promote: ${flags} ${missing.length > 1 ? 'are' : 'is'} missing (see gantry promote --help)`,
  );
}

/** The one argument of the workflow, from flags. */
function createRequest(options: PromoteOptions, what: JsonObject): JsonObject {
  const { onFailure, promotionTimeout } = options;
  const actor = options.actor ?? loginName();
  return {
    ...what,
    ...(actor && { actor }),
    ...(options.var && { vars: options.var.map((text) => parseAssignment('--var', 'variable', text)) }),
    ...(onFailure && { onFailure }),
    ...(promotionTimeout && { timeout: promotionTimeout }),
  };
}

import { abort } from './abort.ts';
import { clean } from './clean.ts';
import { codec } from './codec.ts';
import type { CommandDefinition } from './command.ts';
import { complete } from './complete.ts';
import { defineCompletion } from './completion.ts';
import { config } from './config.ts';
import { demo } from './demo.ts';
import { dev } from './dev.ts';
import { evaluate } from './eval.ts';
import { pause } from './pause.ts';
import { promote } from './promote.ts';
import { promotion } from './promotion.ts';
import { promotions } from './promotions.ts';
import { refresh } from './refresh.ts';
import { resume } from './resume.ts';
import { retry } from './retry.ts';
import { server } from './server.ts';
import { skip } from './skip.ts';
import { steps } from './steps.ts';
import { tools } from './tools.ts';
import { validate } from './validate.ts';
import { version } from './version.ts';
import { watch } from './watch.ts';
import { webhooks } from './webhooks.ts';
import { worker } from './worker.ts';

/** Every command, in the order of the help. */
export const commands: readonly CommandDefinition[] = [
  dev,
  worker,
  server,
  promote,
  promotions,
  promotion,
  watch,
  abort,
  retry,
  skip,
  pause,
  resume,
  refresh,
  validate,
  evaluate,
  steps,
  webhooks,
  config,
  codec,
  tools,
  clean,
  version,
  defineCompletion(() => commands),
  complete,
  demo,
];

import type { CommandDefinition } from './command.ts';
import { demo } from './demo.ts';
import { dev } from './dev.ts';
import { promote } from './promote.ts';
import { tools } from './tools.ts';
import { validate } from './validate.ts';
import { version } from './version.ts';
import { worker } from './worker.ts';

/** Every command, in the order of the help. */
export const commands: readonly CommandDefinition[] = [dev, worker, promote, validate, tools, version, demo];

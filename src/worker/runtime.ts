import { IllegalStateError } from '@temporalio/common';
import { makeTelemetryFilterString, Runtime, type LogLevel } from '@temporalio/worker';
import type { Log } from '../log.ts';

let isInstalled = false;
let current: Log | undefined;

/**
 * Sets up Temporal's core, once per process: it logs to ours, and leaves signals to us. A later call only changes where
 * the log goes.
 */
export function installRuntime(log: Log): void {
  current = log.child({ source: 'temporal' });
  if (isInstalled) return;
  isInstalled = true;
  try {
    install();
  } catch (error) {
    // Somebody has connected before: then it stays as that one made it.
    if (!(error instanceof IllegalStateError)) throw error;
  }
}

function install(): void {
  Runtime.install({
    logger: forwarding,
    // Ours would otherwise have to guess what was stopped already, and in which order.
    shutdownSignals: [],
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) },
    },
  });
}

type Meta = Record<string | symbol, unknown>;

const forwarding = {
  log: forward,
  trace: (message: string, meta?: Meta) => forward('TRACE', message, meta),
  debug: (message: string, meta?: Meta) => forward('DEBUG', message, meta),
  info: (message: string, meta?: Meta) => forward('INFO', message, meta),
  warn: (message: string, meta?: Meta) => forward('WARN', message, meta),
  error: (message: string, meta?: Meta) => forward('ERROR', message, meta),
};

/** What became of a step, our own log line tells; most of our workers serve no workflows, on purpose. */
const noise = /^(Activity failed|No workflows registered)/;

function forward(level: LogLevel, message: string, meta: Meta = {}): void {
  if (!current || level === 'TRACE') return;
  const isNoise = level === 'INFO' || level === 'DEBUG' || noise.test(message);
  const method = isNoise ? 'debug' : level === 'WARN' ? 'warn' : 'error';
  current[method](message, fieldsOf(meta));
}

function fieldsOf(meta: Meta): Record<string, unknown> {
  const shown = Object.entries(meta).filter(([name]) => name !== 'taskToken');
  return Object.fromEntries(
    shown.map(([name, value]) => [name, value instanceof Error ? value.message : value]),
  );
}

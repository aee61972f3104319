import { makeTelemetryFilterString, Runtime, type LogLevel } from '@temporalio/worker';
import type { Log } from '../log.ts';

/**
 * Sets up Temporal's core, once per process: it logs to ours, and leaves signals to us. A later call only changes where
 * the log goes.
 */
export function installRuntime(log: Log): void {
  current = log.child({ source: 'temporal' });
  if (isInstalled) return;
  isInstalled = true;
  Runtime.install({
    logger: forwarding,
    // Ours would otherwise have to guess what was stopped already, and in which order.
    shutdownSignals: [],
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) },
    },
  });
}

let isInstalled = false;
let current: Log | undefined;

type Meta = Record<string | symbol, unknown>;

const forwarding = {
  log: forward,
  trace: (message: string, meta?: Meta) => forward('TRACE', message, meta),
  debug: (message: string, meta?: Meta) => forward('DEBUG', message, meta),
  info: (message: string, meta?: Meta) => forward('INFO', message, meta),
  warn: (message: string, meta?: Meta) => forward('WARN', message, meta),
  error: (message: string, meta?: Meta) => forward('ERROR', message, meta),
};

function forward(level: LogLevel, message: string, meta: Meta = {}): void {
  if (!current || level === 'TRACE') return;
  // What became of a step, its own log line tells; the start and stop of workers, ours.
  const isNoise = level === 'INFO' || level === 'DEBUG' || message === 'Activity failed';
  const method = isNoise ? 'debug' : level === 'WARN' ? 'warn' : 'error';
  current[method](message, fieldsOf(meta));
}

function fieldsOf(meta: Meta): Record<string, unknown> {
  const shown = Object.entries(meta).filter(([name]) => name !== 'taskToken');
  return Object.fromEntries(shown.map(([name, value]) => [name, value instanceof Error ? value.message : value]));
}

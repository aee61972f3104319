import { pino, type Logger } from 'pino';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Values of a log line besides its message. Plain data: an Error belongs in `error` as text. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where a process tells what it does. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** The same log; every line carries these fields too. */
  child(fields: LogFields): Log;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** `text` for people, `json` for machines: one object a line. */
  readonly format: 'text' | 'json';
  /** Takes secrets out of a finished line. */
  readonly scrub?: (line: string) => string;
  /** Default: standard error. */
  readonly write?: (line: string) => void;
}

/** A log of one line per event. Lines are scrubbed whole, so no field and no nesting escapes. */
export function createLog({ level, format, scrub = (line) => line, write = toStderr }: LogOptions): Log {
  const options = {
    level,
    base: null,
    messageKey: 'message',
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const show = format === 'json' ? (line: string) => line : formatLine;
  return wrap(pino(options, { write: (line: string) => write(scrub(show(scrub(line)))) }));
}

function wrap(logger: Logger): Log {
  return {
    debug: (message, fields) => logger.debug(fields, message),
    info: (message, fields) => logger.info(fields, message),
    warn: (message, fields) => logger.warn(fields, message),
    error: (message, fields) => logger.error(fields, message),
    child: (fields) => wrap(logger.child(fields)),
  };
}

/** `12:30:01 warn  Attempt ended  step=push attempt=2` */
function formatLine(line: string): string {
  const { time, level, message, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const values = Object.entries(fields).map(([name, value]) => `${name}=${formatValue(value)}`);
  const clock = String(time).slice('2026-01-01T'.length, -'.000Z'.length);
  return `${[`${clock} ${String(level).padEnd(5)} ${oneLine(String(message))}`, ...values].join('  ')}\n`;
}

/** Nobody's message begins a line of its own, or moves the cursor. */
function oneLine(message: string): string {
  return message.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, (character) =>
    JSON.stringify(character).slice(1, -1),
  );
}

function formatValue(value: unknown): string {
  return typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}

function toStderr(line: string): void {
  process.stderr.write(line);
}

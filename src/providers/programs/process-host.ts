import { messageOf } from '../../core/errors.ts';
import { ProgramFailure } from './program.ts';
import type { HostAnswer, HostEnd, HostRequest } from './host-messages.ts';
import { runHere } from './run-here.ts';

// A small process that starts programs for a large one, and ends with it: see `open-process-host.ts`.

interface Run {
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

const runs = new Map<number, Run>();

process.on('message', (request: HostRequest) => {
  if ('program' in request) begin(request);
  else runs.get(request.id)?.controller.abort();
});
process.once('disconnect', () => void endAll());
// Ctrl-C or a service manager may tell every process to stop; the large one decides what runs on meanwhile.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

function begin({ id, program, tellsProgress }: Extract<HostRequest, { program: unknown }>): void {
  const controller = new AbortController();
  const onProgress = tellsProgress ? (progress: string) => answer({ id, progress }) : undefined;
  const ended = runHere(program, { signal: controller.signal, onProgress })
    .then(
      (output) => answerWith(output, { id, done: true }),
      (error: unknown) => fail(id, error),
    )
    .finally(() => runs.delete(id));
  runs.set(id, { controller, ended });
}

/** In parts: a message of many megabytes would hold up both sides. */
function answerWith(printed: string, last: HostEnd): void {
  const { id } = last;
  for (let at = 0; at < printed.length; at += partLength) {
    answer({ id, part: printed.slice(at, at + partLength) });
  }
  answer(last);
}

/** Characters. */
const partLength = 256 * 1024;

function fail(id: number, error: unknown): void {
  if (error instanceof ProgramFailure) answerWith(error.printed, { id, failed: error.end });
  else answer({ id, problem: messageOf(error) });
}

function answer(message: HostAnswer): void {
  if (process.connected) process.send!(message, undefined, undefined, () => {});
}

/** As politely as an abort; what cannot be ended must not keep this process. */
async function endAll(): Promise<void> {
  setTimeout(() => process.exit(), patience);
  for (const { controller } of runs.values()) controller.abort();
  await Promise.all([...runs.values()].map(({ ended }) => ended));
  process.exit();
}

/** Milliseconds. */
const patience = 10_000;

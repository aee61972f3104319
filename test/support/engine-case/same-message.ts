/**
 * Says whether a message says what was recorded. The first line counts; what comes from a library (expressions, schemas,
 * files, HTTP) may have other words, what the engine says may not.
 */
export function isSameMessage(expected = '', got = '', kind = ''): boolean {
  const [one, other] = [engineWords(expected), engineWords(got)];
  if (one === other) return true;
  const frame = frames(kind)
    .map((pattern) => pattern.exec(one)?.[0])
    .find((text) => text !== undefined);
  return frame !== undefined && other.startsWith(frame) && !isOurs.test(one);
}

/** Kargo names the step a second time inside, in one of two ways by the status beside the error, or not at all. */
function engineWords(message: string): string {
  const [line = ''] = message.split('\n');
  return line.replace(/(?<=threshold of \d+: |occurred: )(error running )?step "[^"]*": /, '');
}

/** Parts of messages that only the engine can have written. */
const isOurs = /must evaluate to a boolean/;

/** Where the engine's words end and those of libraries and steps begin. */
function frames(kind: string): readonly RegExp[] {
  const common = [
    /^failed to build step context: failed to get step config: /,
    /^error checking if step "[^"]*" should be skipped: /,
    /^step "[^"]*": invalid [\w-]+ config: /,
  ];
  const own = ['', 'fail', 'scripted', 'scripted-defaults', 'scripted-propagating'];
  if (own.includes(kind)) return common;
  return [
    ...common,
    /^step "[^"]*" met error threshold of \d+: /,
    /^an unrecoverable error occurred: /,
    /^step "[^"]*": /,
  ];
}

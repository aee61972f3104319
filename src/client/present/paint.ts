import { styleText } from 'node:util';

export type Ink = 'green' | 'red' | 'yellow' | 'cyan' | 'dim' | 'bold';

/** Colours a text, or leaves it alone. */
export type Paint = (ink: Ink, text: string) => string;

/** Colours for a terminal; none in a pipe, with `NO_COLOR` or on a dumb terminal. */
export function createPaint(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): Paint {
  const plain = !stream.isTTY || Boolean(env['NO_COLOR']) || env['TERM'] === 'dumb';
  return plain ? (_ink, text) => text : (ink, text) => styleText(ink, text, { validateStream: false });
}

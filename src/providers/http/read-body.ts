import type { HttpAnswer } from './http.ts';

/** The whole body, decompressed. Rejects when it has more than `maximum` bytes, announced or read. */
export async function readBody({ announced, body }: HttpAnswer, maximum: number): Promise<Buffer> {
  if (announced !== undefined && announced > maximum) throw tooLarge(maximum);
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of body) {
    size += piece.length;
    if (size > maximum) throw tooLarge(maximum);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function tooLarge(maximum: number): Error {
  return new Error(`the answer has more than ${maximum} bytes`);
}

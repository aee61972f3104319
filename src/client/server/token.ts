import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../core/errors.ts';
import { InvalidInput } from '../errors.ts';

/**
 * The token that the server of a data folder asks for, in a file that only its owner may read (`token`, mode 0600); made
 * when it is not there. InvalidInput when it cannot be read or made.
 */
export async function openToken(data: string): Promise<string> {
  const path = join(data, 'token');
  try {
    await mkdir(data, { recursive: true });
    return (await findToken(path)) ?? (await makeToken(path));
  } catch (error) {
    throw new InvalidInput(`The token of the server cannot be kept in ${path}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** Somebody quicker has made it, or is just writing it. */
async function findToken(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  });
  const token = text.trim();
  return token.length >= 32 ? token : undefined;
}

async function makeToken(path: string): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const file = await open(path, 'w', 0o600);
  try {
    await file.chmod(0o600);
    await file.writeFile(`${token}\n`);
  } finally {
    await file.close();
  }
  return token;
}

import { Buffer } from 'node:buffer';
import { createSecretKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** A key for payloads. */
export interface EncryptionKey {
  /** Stands beside every payload in plain text, and is part of what is authenticated. */
  readonly id: string;
  readonly key: KeyObject;
}

/** The keys of a process: the first encrypts, all decrypt. None = payloads stay plain. */
export type Keyring = readonly EncryptionKey[];

/** The keys cannot be used. The message names the place and the remedy, never a part of a key. */
export class InvalidKeys extends Error {
  override readonly name = 'InvalidKeys';
}

/**
 * The keys a setting names: a file, or with `env:NAME` a variable. Each is `<id>:<base64 of 32 bytes>`, one on a line or
 * with commas between; `#` begins a comment. Without a setting there are none.
 */
export async function loadKeys(source: string | undefined, env: NodeJS.ProcessEnv): Promise<Keyring> {
  if (source === undefined) return [];
  const variable = /^env:(.*)$/.exec(source)?.[1];
  if (variable === undefined) return parseKeys(await readKeys(source), source);
  const text = env[variable];
  if (!text) throw new InvalidKeys(`encryption keys: the variable ${variable} is not set, or empty`);
  return parseKeys(text, variable);
}

/** Throws InvalidKeys with every problem; `place` is how messages call the text. */
export function parseKeys(text: string, place: string): Keyring {
  const problems: string[] = [];
  const keys: EncryptionKey[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    for (const entry of line.replace(/#.*/, '').split(/[\s,]+/)) {
      if (entry === '') continue;
      const [, id = '', secret = ''] = /^([^:]*):(.*)$/.exec(entry) ?? [];
      const fault = faultOf(id, secret, keys);
      if (fault) problems.push(`${place}:${index + 1}: ${fault}`);
      else keys.push({ id, key: createSecretKey(Buffer.from(secret, 'base64')) });
    }
  }
  if (keys.length === 0 && problems.length === 0) problems.push(`${place}: there is no key in it`);
  if (problems.length === 0) return keys;
  const remedy =
    'A key is <id>:<base64 of 32 bytes>; one is made by: echo "$(date +%F):$(openssl rand -base64 32)"';
  throw new InvalidKeys(['The encryption keys cannot be used:', ...problems].join('\n  ') + `\n${remedy}`);
}

async function readKeys(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InvalidKeys(`encryption keys: the file ${file} cannot be read (${code})`, { cause: error });
  }
}

function faultOf(id: string, secret: string, known: Keyring): string | undefined {
  // What stands before a colon may be a key without its id: an id is shown only when it is one.
  if (!/^[A-Za-z0-9][\w.-]{0,31}$/.test(id)) return 'an entry does not begin with an id and a colon';
  if (known.some((key) => key.id === id)) return `there are two keys "${id}"`;
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(secret)) return `key "${id}" is not base64`;
  const { length } = Buffer.from(secret, 'base64');
  return length === 32 ? undefined : `key "${id}" has ${length} bytes instead of 32`;
}

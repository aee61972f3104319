import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TerminalError } from '../../core/errors.ts';
import { createToolRunner } from '../run-tool.ts';
import type { GitOptions } from './git.ts';
import { gpgScript } from './gpg-script.ts';
import { gitEnvironment } from './run-git.ts';
import { importSshKey, isSshKey, sshConfig } from './ssh-signing.ts';
import { writeScript } from './write-script.ts';

/** Keys a clone was given: fingerprints of those in the private GPG ring beside it, names of files with SSH keys. */
export interface SigningKeys {
  /** Given with the clone: signs all that is made in its work trees. */
  readonly clone?: string;
  /** The last one that came with a commit. */
  readonly commit?: string;
}

/**
 * Takes a private GPG or SSH key to the clone in a folder; returns what stands for it in `SigningKeys`. No key is ever
 * an argument. One that cannot sign is refused with words for whoever gave it.
 */
export async function importSigningKey(
  options: GitOptions,
  folder: string,
  origin: keyof SigningKeys,
  armored: string,
): Promise<string> {
  const field = armored === options.signingKey ? 'git.signingKey of this worker' : 'author.signingKey';
  const key = isSshKey(armored)
    ? sshMark + (await importSshKey(options, folder, armored, field))
    : await importGpgKey(options, folder, armored, field);
  await writeRecord(folder, { ...(await findSigningKeys(folder)), [origin]: key });
  return key;
}

async function importGpgKey(
  options: GitOptions,
  folder: string,
  armored: string,
  field: string,
): Promise<string> {
  await mkdir(join(folder, 'gnupg', 'private-keys-v1.d'), { recursive: true, mode: 0o700 });
  await writeScript(folder, 'gpg', gpgScript(0));
  const run = openGpg(options, folder, field);
  const key = await importKey(run, armored, field);
  await tryKey(run, key, field);
  const listed = await run(['--list-secret-keys', '--with-colons']);
  await writeScript(folder, 'gpg', gpgScript(newestCreation(listed)));
  return key;
}

/** The keys known to the clone in a folder. */
export async function findSigningKeys(folder: string): Promise<SigningKeys> {
  const text = await readFile(recordOf(folder), 'utf8').catch(() => '{}');
  return JSON.parse(text) as SigningKeys;
}

/** The key for what is made anew on top of others' commits. */
export async function findKeyForRewrites(folder: string): Promise<string | undefined> {
  const { clone, commit } = await findSigningKeys(folder);
  return clone ?? commit;
}

/** Settings under which git signs commits and tags, and checks signatures; none without a key. */
export function signingConfig(folder: string, key: string | undefined): readonly string[] {
  if (key === undefined) return [];
  const format = key.startsWith(sshMark)
    ? sshConfig(folder, key.slice(sshMark.length))
    : [`user.signingKey=${key}`, 'gpg.format=openpgp', `gpg.program=${join(folder, 'gpg')}`];
  return ['commit.gpgSign=true', 'tag.gpgSign=true', ...format];
}

type RunGpg = (args: readonly string[], input?: string) => Promise<string>;

function openGpg(options: GitOptions, folder: string, field: string): RunGpg {
  const runner = createToolRunner(async () => ({ path: join(folder, 'gpg') }), gitEnvironment(options), {
    runProgram: options.runProgram,
  });
  return async (args, input = '') => {
    try {
      return await runner.run('gpg', args, { cwd: folder, signal: options.signal, input });
    } catch (error) {
      if (error instanceof Error && /exit code 127:/.test(error.message)) {
        throw new Error(`${field} needs gpg, which this worker does not have; install GnuPG there`, {
          cause: error,
        });
      }
      throw error;
    }
  };
}

async function importKey(run: RunGpg, armored: string, field: string): Promise<string> {
  const text = `${armored.replaceAll('\r', '').trim()}\n`;
  const status = await run(['--status-fd=1', '--import'], text).catch((error: Error) => {
    if (isAboutKey(error)) return '';
    throw error;
  });
  // The reason is a sum; 16 in it says that a private key came along.
  const keys = [...status.matchAll(/^\[GNUPG:\] IMPORT_OK (\d+) ([0-9A-F]{40,})$/gm)];
  const key = keys.find(([, reason]) => Number(reason) & 16)?.[2];
  if (key) return key;
  const what = keys.length > 0 ? 'holds a public key only' : 'holds no key that can be read';
  throw new TerminalError(
    `${field} ${what}; give a private GPG key as \`gpg --armor --export-secret-keys\` prints it, or a private SSH key, without a passphrase`,
  );
}

/** A key that is protected, expired or made for something else shows only when it has to sign. */
async function tryKey(run: RunGpg, key: string, field: string): Promise<void> {
  try {
    await run(['--armor', '--detach-sign', '--local-user', key], 'test');
  } catch (error) {
    if (!isAboutKey(error)) throw error;
    const text = error.message;
    throw new TerminalError(
      /pinentry|passphrase/i.test(text)
        ? `${field} is protected by a passphrase; export the key without one`
        : `${field} cannot sign; give a private key that is valid and made for signing\n${text}`,
    );
  }
}

/** Gpg itself said no; an abort or a missing binary is another matter. */
function isAboutKey(error: unknown): error is Error {
  return error instanceof Error && error.message.startsWith('gpg ended with exit code');
}

/** When the youngest key came to be, in seconds. */
function newestCreation(listed: string): number {
  const keys = [...listed.matchAll(/^(?:sec|ssb):(?:[^:]*:){4}(\d+):/gm)];
  return Math.max(0, ...keys.map(([, seconds]) => Number(seconds)));
}

async function writeRecord(folder: string, keys: SigningKeys): Promise<void> {
  const path = recordOf(folder);
  await writeFile(`${path}.new`, JSON.stringify(keys), { mode: 0o600 });
  await rename(`${path}.new`, path);
}

function recordOf(folder: string): string {
  return join(folder, 'signing.json');
}

const sshMark = 'ssh:';

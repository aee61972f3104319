import { createHash } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TerminalError } from '../../core/errors.ts';
import { createToolRunner } from '../run-tool.ts';
import type { GitOptions } from './git.ts';
import { gitEnvironment } from './run-git.ts';

/** Says whether a signing key is one of SSH. */
export function isSshKey(armored: string): boolean {
  return /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/.test(armored);
}

/**
 * Puts a private SSH key into the folder of the clone, for its owner alone, and trusts what it signs; returns the name
 * of the file. One that is unreadable or wants a passphrase is refused with words for whoever wrote the field.
 */
export async function importSshKey(
  options: GitOptions,
  folder: string,
  armored: string,
  field: string,
): Promise<string> {
  const text = `${armored.replaceAll('\r', '').trim()}\n`;
  const name = `ssh-signing-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
  const file = join(folder, name);
  try {
    await writeFile(`${file}.new`, text, { mode: 0o600 });
    await trust(folder, await readPublicKey(options, folder, `${name}.new`, field));
    await rename(`${file}.new`, file);
    return name;
  } finally {
    await rm(`${file}.new`, { force: true });
  }
}

/** Settings under which git signs with a key in the folder, and checks signatures of all that were put there. */
export function sshConfig(folder: string, name: string): readonly string[] {
  return [
    `user.signingKey=${join(folder, name)}`,
    'gpg.format=ssh',
    `gpg.ssh.allowedSignersFile=${join(folder, signersFile)}`,
  ];
}

async function readPublicKey(
  options: GitOptions,
  folder: string,
  name: string,
  field: string,
): Promise<string> {
  const runner = createToolRunner(async () => ({ path: 'ssh-keygen' }), gitEnvironment(options), {
    runProgram: options.runProgram,
  });
  try {
    const args = ['-y', '-P', '', '-f', name];
    return (await runner.run('ssh-keygen', args, { cwd: folder, signal: options.signal })).trim();
  } catch (error) {
    if (!(error instanceof Error) || options.signal.aborted) throw error;
    if (!error.message.startsWith('ssh-keygen ended with exit code')) {
      throw new Error(`${field} needs ssh-keygen, which this worker does not have; install OpenSSH there`, {
        cause: error,
      });
    }
    throw new TerminalError(
      /passphrase/i.test(error.message)
        ? `${field} is protected by a passphrase; give a key without one`
        : `${field} holds no SSH key that can be read; give the whole file of a private key, without a passphrase`,
    );
  }
}

async function trust(folder: string, publicKey: string): Promise<void> {
  const file = join(folder, signersFile);
  const known = await readFile(file, 'utf8').catch(() => '');
  const line = `* namespaces="git" ${publicKey}\n`;
  if (known.includes(line)) return;
  await writeFile(`${file}.new`, known + line, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

const signersFile = 'allowed-signers';

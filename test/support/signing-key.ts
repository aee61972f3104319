import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runGit } from './git-repository.ts';

/** A GPG key made for a test. */
export interface SigningKey {
  /** Armored private key. */
  readonly privateKey: string;
  readonly publicKey: string;
  readonly fingerprint: string;
}

export interface SigningKeyOptions {
  /** Default none. */
  readonly passphrase?: string;
  /** When it was made, as gpg writes times; default well before the commits of tests. */
  readonly made?: string;
  /** As gpg writes spans of time; default never. */
  readonly expires?: string;
}

/** Whether there is a gpg to test with. Says so where there is none. */
export function hasGpg(): boolean {
  try {
    execFileSync('gpg', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    process.stderr.write('    There is no gpg on PATH: what signs cannot be tried here (install GnuPG).\n');
    return false;
  }
}

/** Makes a key in a home of its own, of which nothing stays. */
export function createSigningKey(options: SigningKeyOptions = {}): SigningKey {
  const { passphrase = '', made = '20260101T000000', expires = 'never' } = options;
  return withGpgHome((gpg) => {
    const quiet = ['--pinentry-mode=loopback', `--passphrase=${passphrase}`, `--faked-system-time=${made}!`];
    gpg([...quiet, '--quick-generate-key', 'Bot <bot@example.org>', 'ed25519', 'sign', expires]);
    const listed = gpg(['--list-keys', '--with-colons']);
    return {
      privateKey: gpg([...quiet, '--armor', '--export-secret-keys']),
      publicKey: gpg(['--armor', '--export']),
      fingerprint: /^fpr:+([0-9A-F]+):/m.exec(listed)![1]!,
    };
  });
}

/** Fingerprint of the key that signed a commit; throws when the signature is not one of the keys given. */
export function readSigner(repository: string, commit: string, keys: readonly SigningKey[]): string {
  return withGpgHome((gpg, home) => {
    for (const { publicKey } of keys) gpg(['--import'], publicKey);
    const env = { PATH: process.env['PATH'] ?? '', HOME: home, GNUPGHOME: home };
    const args = ['-C', repository, 'log', '-1', '--format=%GF', commit];
    return execFileSync('git', args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  });
}

/** Signs the commit a work tree is on, as somebody with a key and a gpg of his own. */
export function signHead(tree: string, { privateKey, fingerprint }: SigningKey): void {
  withGpgHome((gpg, home) => {
    gpg(['--import'], privateKey);
    const settings = ['-c', 'gpg.program=gpg', '-c', `user.signingKey=${fingerprint}`];
    const args = [...settings, 'commit', '--quiet', '--amend', '--no-edit', '--gpg-sign'];
    runGit(tree, args, undefined, { GNUPGHOME: home });
  });
}

type Gpg = (args: readonly string[], input?: string) => string;

function withGpgHome<T>(work: (gpg: Gpg, home: string) => T): T {
  const home = mkdtempSync(join(tmpdir(), 'gpg-'));
  // Weak on purpose: a strong protection takes seconds.
  writeFileSync(join(home, 'gpg-agent.conf'), 's2k-count 65536\n');
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, GNUPGHOME: home };
  const gpg: Gpg = (args, input = '') =>
    execFileSync('gpg', ['--batch', '--quiet', '--no-tty', ...args], {
      env,
      input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  try {
    return work(gpg, home);
  } finally {
    execFileSync('gpgconf', ['--kill', 'gpg-agent'], { env, stdio: 'ignore' });
    rmSync(home, { recursive: true, force: true });
  }
}

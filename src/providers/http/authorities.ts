import { readFileSync, statSync } from 'node:fs';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';

/**
 * The certificates to trust where the operator adds some, in a file that `SSL_CERT_FILE` names; undefined = those of Node.
 * A file that has changed is read anew. Throws when it cannot be read.
 */
export function findAuthorities(file: string | undefined): SecureContext | undefined {
  if (!file) return undefined;
  try {
    const { ino, size, mtimeMs } = statSync(file);
    const version = `${file} ${ino} ${size} ${mtimeMs}`;
    // Parsing them takes 40 ms of the processor, in which nothing else can run.
    if (last?.version !== version) last = { version, context: readAuthorities(file) };
    return last.context;
  } catch (error) {
    throw new Error('SSL_CERT_FILE of the worker cannot be read', { cause: error });
  }
}

let last: { readonly version: string; readonly context: SecureContext } | undefined;

function readAuthorities(file: string): SecureContext {
  return createSecureContext({ ca: [...rootCertificates, readFileSync(file, 'utf8')] });
}

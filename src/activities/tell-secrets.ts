import type { Lookups } from '../core/promotion/environment.ts';
import type { CredentialSource } from '../providers/credentials/credentials.ts';
import type { Scrubber } from './scrub.ts';

/** The same source; every secret it hands out becomes known to the scrubber first. User names are no secrets. */
export function tellCredentials(source: CredentialSource, scrubber: Scrubber): CredentialSource {
  return {
    async find(query) {
      const found = await source.find(query);
      for (const secret of [found?.password, found?.sshPrivateKey]) if (secret) scrubber.add(secret);
      return found;
    },
  };
}

/**
 * The same look-ups; every text of a Secret becomes known to the scrubber before an expression sees it, and what was asked
 * for in vain is told.
 */
export function tellLookups(
  lookups: Lookups,
  scrubber: Scrubber,
  tellMissing: (message: string) => void = () => undefined,
): Lookups {
  const { place } = lookups;
  const told = (texts: ReturnType<Lookups['secret']>) => {
    for (const [key, text] of Object.entries(texts ?? {})) if (!publicKeys.has(key)) scrubber.add(text);
    return texts;
  };
  return {
    ...(place && { place }),
    tellMissing,
    secret: (name) => told(lookups.secret(name)),
    sharedSecret: (name) => told(lookups.sharedSecret(name)),
    configMap: (name) => lookups.configMap(name),
    sharedConfigMap: (name) => lookups.sharedConfigMap(name),
    freightMetadata: (name) => lookups.freightMetadata(name),
    freightStatus: (name) => lookups.freightStatus(name),
    stageMetadata: (name) => lookups.stageMetadata(name),
  };
}

/** Of credentials: where they fit and for whom. To take these out of outputs would spoil every address in them. */
const publicKeys: ReadonlySet<string> = new Set(['repoURL', 'repoURLIsRegex', 'username']);

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

/** The same look-ups; every text of a Secret becomes known to the scrubber before an expression sees it. */
export function tellLookups(lookups: Lookups, scrubber: Scrubber): Lookups {
  const told = (texts: ReturnType<Lookups['secret']>) => {
    for (const text of Object.values(texts ?? {})) scrubber.add(text);
    return texts;
  };
  return {
    secret: (name) => told(lookups.secret(name)),
    sharedSecret: (name) => told(lookups.sharedSecret(name)),
    configMap: (name) => lookups.configMap(name),
    sharedConfigMap: (name) => lookups.sharedConfigMap(name),
    freightMetadata: (name) => lookups.freightMetadata(name),
    freightStatus: (name) => lookups.freightStatus(name),
    stageMetadata: (name) => lookups.stageMetadata(name),
  };
}

import { readAzureAddress } from './azure-address.ts';
import { readBitbucketAddress } from './bitbucket-address.ts';
import type { HostPlace } from './host-place.ts';

/** How the same repository is cloned by HTTPS: the address under which people keep its token. */
export function webAddressOf(place: HostPlace): string {
  const { kind, origin, path } = place;
  if (kind === 'azure') return readAzureAddress(place).webURL;
  if (kind === 'bitbucket') return readBitbucketAddress(place).cloneURL;
  return `${origin}/${path.join('/')}.git`;
}

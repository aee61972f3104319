import { readBitbucketAddress } from './bitbucket-address.ts';
import { openCloudRepository } from './bitbucket-cloud.ts';
import { openDataCenterRepository } from './bitbucket-data-center.ts';
import type { OpenRepository } from './git-hosts.ts';

/** A repository of Bitbucket: of its cloud by its host, of a Data Center everywhere else. */
export const openBitbucket: OpenRepository = (parts) => {
  const address = readBitbucketAddress(parts.place);
  return address.edition === 'cloud'
    ? openCloudRepository(parts, address)
    : openDataCenterRepository(parts, address);
};

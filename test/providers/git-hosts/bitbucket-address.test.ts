import assert from 'node:assert/strict';
import { readBitbucketAddress } from '../../../src/providers/git-hosts/bitbucket-address.ts';
import { findPlace } from '../../../src/providers/git-hosts/host-place.ts';
import { webAddressOf } from '../../../src/providers/git-hosts/web-address.ts';

const cloud = 'bitbucket.org/acme/ops';
const own = 'bitbucket.acme.example/acme/ops';

describe('addresses of Bitbucket', () => {
  const spellings: readonly (readonly [url: string, name: string])[] = [
    ['https://bitbucket.org/Acme/ops.git', cloud],
    ['https://alice@bitbucket.org/acme/ops', cloud],
    ['git@bitbucket.org:acme/ops.git', cloud],
    ['ssh://git@altssh.bitbucket.org:443/acme/ops.git', cloud],
    ['https://bitbucket.acme.example/scm/ACME/ops.git', own],
    ['https://bitbucket.acme.example/git/scm/ACME/ops.git', own],
    ['https://bitbucket.acme.example/projects/ACME/repos/ops', own],
    ['https://bitbucket.acme.example/git/projects/ACME/repos/ops/browse', own],
    ['ssh://git@bitbucket.acme.example:7999/ACME/ops.git', own],
    ['https://bitbucket.acme.example/scm/~alice/ops.git', 'bitbucket.acme.example/~alice/ops'],
    ['https://bitbucket.acme.example/users/alice/repos/ops', 'bitbucket.acme.example/~alice/ops'],
  ];
  for (const [url, name] of spellings) {
    it(`reads ${url}`, () => assert.equal(read(url).name, name));
  }

  it('tells the cloud by its host', () => {
    const { edition, apiURL } = read('https://bitbucket.org/acme/ops.git');
    assert.equal(edition, 'cloud');
    assert.equal(apiURL, 'https://api.bitbucket.org/2.0');
  });

  it('asks a Data Center below its path', () => {
    const { edition, apiURL, webURL } = read('https://git.acme.example:7990/bb/scm/ACME/ops.git');
    assert.equal(edition, 'data-center');
    assert.equal(apiURL, 'https://git.acme.example:7990/bb/rest');
    assert.equal(webURL, 'https://git.acme.example:7990/bb/projects/ACME/repos/ops');
  });

  it('asks where the operator says', () => {
    const host = 'git.acme.example';
    const patterns = [{ host, provider: 'bitbucket', apiURL: 'https://web.acme.example/bb' } as const];
    const { apiURL, name } = readBitbucketAddress(
      findPlace(`ssh://git@${host}:7999/ACME/ops.git`, { patterns }),
    );
    assert.equal(apiURL, 'https://web.acme.example/bb/rest');
    assert.equal(name, 'git.acme.example/acme/ops');
  });

  for (const url of ['https://bitbucket.org/acme', 'https://bitbucket.acme.example/a/b/c/d']) {
    it(`refuses ${url}`, () =>
      assert.throws(() => read(url), /names no repository of Bitbucket: write https/));
  }

  it('finds the token of an SSH address under the one of HTTPS', () => {
    const place = findPlace('ssh://git@bitbucket.acme.example:7999/ACME/ops.git', { provider: 'bitbucket' });
    assert.equal(webAddressOf(place), 'https://bitbucket.acme.example/scm/ACME/ops.git');
  });
});

function read(url: string) {
  return readBitbucketAddress(findPlace(url, { provider: 'bitbucket' }));
}

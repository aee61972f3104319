import assert from 'node:assert/strict';
import { readAzureAddress } from '../../../src/providers/git-hosts/azure-address.ts';
import { findPlace } from '../../../src/providers/git-hosts/host-place.ts';
import { webAddressOf } from '../../../src/providers/git-hosts/web-address.ts';

const service = 'dev.azure.com/acme/platform/ops';
const server = 'tfs.acme.example/tfs/main/platform/ops';

describe('addresses of Azure DevOps', () => {
  const spellings: readonly (readonly [url: string, name: string])[] = [
    ['https://dev.azure.com/acme/Platform/_git/ops', service],
    ['https://acme@dev.azure.com/acme/Platform/_git/ops', service],
    ['https://dev.azure.com/acme/Platform/_git/_optimized/ops', service],
    ['https://dev.azure.com/acme/_git/ops', 'dev.azure.com/acme/ops/ops'],
    ['https://dev.azure.com/acme/My%20Team/_git/ops', 'dev.azure.com/acme/my team/ops'],
    ['https://acme.visualstudio.com/Platform/_git/ops', service],
    ['https://acme.visualstudio.com/DefaultCollection/Platform/_git/ops', service],
    ['git@ssh.dev.azure.com:v3/acme/Platform/ops', service],
    ['acme@vs-ssh.visualstudio.com:v3/acme/Platform/ops', service],
    ['https://tfs.acme.example/tfs/Main/Platform/_git/ops', server],
    ['ssh://tfs.acme.example:22/tfs/Main/Platform/_git/ops', server],
    ['http://127.0.0.1:8080/Main/Platform/_git/ops', '127.0.0.1:8080/main/platform/ops'],
  ];
  for (const [url, name] of spellings) {
    it(`reads ${url}`, () => assert.equal(read(url).name, name));
  }

  it('asks the service where it lives, and names its pages', () => {
    const { apiURL, webURL, identitiesURL } = read('git@ssh.dev.azure.com:v3/acme/My%20Team/ops');
    assert.equal(apiURL, 'https://dev.azure.com/acme');
    assert.equal(webURL, 'https://dev.azure.com/acme/My%20Team/_git/ops');
    assert.equal(identitiesURL, 'https://vssps.dev.azure.com/acme');
  });

  it('asks a Server below its collection', () => {
    const { apiURL, identitiesURL } = read('https://tfs.acme.example:8443/tfs/Main/Platform/_git/ops');
    assert.equal(apiURL, 'https://tfs.acme.example:8443/tfs/Main');
    assert.equal(identitiesURL, apiURL);
  });

  for (const url of [
    'https://dev.azure.com/acme',
    'https://tfs.acme.example/ops',
    'https://dev.azure.com/acme/ops',
  ]) {
    it(`refuses ${url}`, () =>
      assert.throws(() => read(url), /names no repository of Azure DevOps: write https/));
  }

  it('finds the token of an SSH address under the one of HTTPS', () => {
    const place = findPlace('git@ssh.dev.azure.com:v3/acme/Platform/ops', {});
    assert.equal(webAddressOf(place), 'https://dev.azure.com/acme/Platform/_git/ops');
  });
});

function read(url: string) {
  return readAzureAddress(findPlace(url, { provider: 'azure' }));
}

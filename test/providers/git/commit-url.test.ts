import assert from 'node:assert/strict';
import { findCommitURL, type WebHost } from '../../../src/providers/git/commit-url.ts';
import { parseRemoteURL } from '../../../src/providers/git/remote-url.ts';

describe('commit URL', () => {
  const cases: readonly (readonly [string, string | undefined, WebHost?])[] = [
    ['https://github.com/acme/ops.git', 'https://github.com/acme/ops/commit/1'],
    ['https://acme.ghe.com/acme/ops', 'https://acme.ghe.com/acme/ops/commit/1'],
    ['git@github.com:acme/ops.git', 'https://github.com/acme/ops/commit/1'],
    ['ssh://git@gitlab.acme.example:2222/g/sub/ops.git', 'https://gitlab.acme.example/g/sub/ops/-/commit/1'],
    ['https://gitea.acme.example:8443/acme/ops', 'https://gitea.acme.example:8443/acme/ops/commit/1'],
    ['http://127.0.0.1:3000/acme/ops', 'http://127.0.0.1:3000/acme/ops/commit/1', 'gitea'],
    ['https://bitbucket.org/acme/ops', 'https://bitbucket.org/acme/ops/commits/1'],
    ['https://alice@dev.azure.com/acme/p/_git/ops', 'https://dev.azure.com/acme/p/_git/ops/commit/1'],
    ['git@ssh.dev.azure.com:v3/acme/p/ops', 'https://dev.azure.com/acme/p/_git/ops/commit/1'],
    ['https://acme.visualstudio.com/p/_git/ops', 'https://dev.azure.com/acme/p/_git/ops/commit/1'],
    ['https://git.acme.example/acme/ops', undefined],
    ['https://git.acme.example/acme/ops', 'https://git.acme.example/acme/ops/-/commit/1', 'gitlab'],
    ['file:///srv/github/ops', undefined, 'github'],
  ];
  for (const [url, expected, host] of cases) {
    it(`${url}${host ? ` (${host})` : ''} → ${expected ?? 'none'}`, () => {
      assert.equal(findCommitURL(parseRemoteURL(url), '1', host), expected);
    });
  }
});

import assert from 'node:assert/strict';
import { TerminalError } from '../../../src/core/errors.ts';
import type { WebHost } from '../../../src/providers/git/commit-url.ts';
import { hostsOf, parseHostPattern } from '../../../src/providers/git-hosts/host-pattern.ts';
import { findPlace } from '../../../src/providers/git-hosts/host-place.ts';
import { githubApiURL } from '../../../src/providers/git-hosts/github-session.ts';

describe('Where a repository lies', () => {
  const patterns = [
    'git.acme.example=gitea',
    '*.corp.example=gitlab@https://api.corp.example/v4',
    'code.example:8443=bitbucket',
    'git.inside=gitea@http://git.inside:3000/api/v1',
  ].map(parseHostPattern);
  const cases: readonly {
    readonly url: string;
    readonly kind: WebHost;
    readonly origin: string;
    readonly path?: string;
    readonly provider?: WebHost;
  }[] = [
    { url: 'https://github.com/acme/ops.git', kind: 'github', origin: 'https://github.com' },
    { url: 'https://GitHub.com:443/acme/ops/', kind: 'github', origin: 'https://github.com' },
    { url: 'git@github.com:acme/ops.git', kind: 'github', origin: 'https://github.com' },
    { url: 'ssh://git@ssh.github.com:443/acme/ops.git', kind: 'github', origin: 'https://github.com' },
    { url: 'https://bot@acme.ghe.com/acme/ops', kind: 'github', origin: 'https://acme.ghe.com' },
    {
      url: 'ssh://git@gitlab.acme.example:2222/a/b/ops.git',
      kind: 'gitlab',
      origin: 'https://gitlab.acme.example',
      path: 'a/b/ops',
    },
    { url: 'git@git.inside:acme/ops.git', kind: 'gitea', origin: 'http://git.inside:3000' },
    { url: 'ssh://git@git.inside:2222/acme/ops', kind: 'gitea', origin: 'http://git.inside:3000' },
    { url: 'http://git.inside:3000/acme/ops', kind: 'gitea', origin: 'http://git.inside:3000' },
    { url: 'git@x.corp.example:acme/ops', kind: 'gitlab', origin: 'https://x.corp.example' },
    { url: 'https://bitbucket.org/acme/ops', kind: 'bitbucket', origin: 'https://bitbucket.org' },
    {
      url: 'https://dev.azure.com/acme/p/_git/ops',
      kind: 'azure',
      origin: 'https://dev.azure.com',
      path: 'acme/p/_git/ops',
    },
    { url: 'http://gitea:3000/acme/ops', kind: 'gitea', origin: 'http://gitea:3000' },
    { url: 'https://git.acme.example/acme/ops', kind: 'gitea', origin: 'https://git.acme.example' },
    { url: 'https://x.corp.example/acme/ops', kind: 'gitlab', origin: 'https://x.corp.example' },
    { url: 'https://code.example:8443/acme/ops', kind: 'bitbucket', origin: 'https://code.example:8443' },
    {
      url: 'https://git.acme.example/acme/ops',
      provider: 'gitlab',
      kind: 'gitlab',
      origin: 'https://git.acme.example',
    },
    { url: 'https://github.com/acme/ops', provider: 'gitea', kind: 'gitea', origin: 'https://github.com' },
  ];
  for (const { url, kind, origin, path = 'acme/ops', provider } of cases) {
    it(`${url}${provider ? ` as ${provider}` : ''}: ${kind} at ${origin}`, () => {
      const place = findPlace(url, { provider, patterns });
      assert.equal(place.host, new URL(origin).host);
      assert.deepEqual([place.kind, place.origin, place.path.join('/')], [kind, origin, path]);
      assert.doesNotMatch(place.repoURL, /bot@/);
    });
  }

  it("takes the operator's word for where the API is", () => {
    assert.equal(findPlace('https://x.corp.example/a/b', { patterns }).apiURL, 'https://api.corp.example/v4');
    assert.deepEqual(hostsOf(patterns), [
      'git.acme.example',
      '*.corp.example',
      'api.corp.example',
      'code.example',
      'git.inside',
      'git.inside',
    ]);
  });

  const refusals = [
    {
      url: 'https://git.other.example/a/b',
      says: /kind of Git host git\.other\.example is.*provider.*git\.hosts/,
    },
    { url: 'https://code.example/acme/ops', says: /which kind of Git host/ },
    { url: '/srv/ops.git', says: /is a folder/ },
    { url: 'file:///srv/ops.git', says: /is a folder/ },
    { url: 'https://github.com/acme/../ops', says: /names no repository/ },
    { url: 'https://github.com/', says: /names no repository/ },
  ];
  for (const { url, says } of refusals) {
    it(`${url} is refused`, () => {
      assert.throws(
        () => findPlace(url, { patterns }),
        (error: Error) => error instanceof TerminalError && says.test(error.message),
      );
    });
  }

  const apis = [
    ['github.com', 'https://api.github.com'],
    ['acme.ghe.com', 'https://api.acme.ghe.com'],
    ['github.acme.example', 'https://github.acme.example/api/v3'],
    ['github.acme.example:8443', 'https://github.acme.example:8443/api/v3'],
  ] as const;
  for (const [host, api] of apis) {
    it(`the API of ${host} is at ${api}`, () => {
      assert.equal(githubApiURL({ host, origin: `https://${host}` }), api);
    });
  }
});

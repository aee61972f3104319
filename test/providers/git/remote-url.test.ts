import assert from 'node:assert/strict';
import { displayURL, parseRemoteURL } from '../../../src/providers/git/remote-url.ts';

describe('remote URL', () => {
  const accepted: readonly (readonly [string, string, string, string])[] = [
    ['https://github.com/acme/ops.git', 'https', 'github.com', '/acme/ops.git'],
    ['https://alice@dev.azure.com/acme/p/_git/ops', 'https', 'dev.azure.com', '/acme/p/_git/ops'],
    ['http://127.0.0.1:3000/a/b', 'http', '127.0.0.1:3000', '/a/b'],
    ['ssh://git@host.example:2222/a/b.git', 'ssh', 'host.example:2222', '/a/b.git'],
    ['git@github.com:acme/ops.git', 'ssh', 'github.com', '/acme/ops.git'],
    ['file:///srv/git/ops.git', 'file', '', '/srv/git/ops.git'],
    ['/srv/my repos/ops.git', 'file', '', '/srv/my repos/ops.git'],
    [' https://github.com/acme/ops \n', 'https', 'github.com', '/acme/ops'],
    ['HTTPS://github.com/acme/ops', 'https', 'github.com', '/acme/ops'],
  ];
  for (const [text, protocol, host, path] of accepted) {
    it(`takes ${JSON.stringify(text)}`, () => {
      const { text: _, ...rest } = parseRemoteURL(text);
      assert.deepEqual(rest, { protocol, host, path });
    });
  }

  const refused = [
    '',
    'ext::sh -c touch% /tmp/x',
    'ext::https://github.com/a',
    '--upload-pack=touch x',
    '-oProxyCommand=x:y',
    'ssh://-oProxyCommand=x/y',
    'git@-oProxyCommand:x',
    'https://-x/y',
    'relative/path',
    './relative',
    'git://host/path',
    'ftp://host/path',
    'https://host',
    'file://host/path',
    'https://host/a b',
    'https://host/a\nb',
    'javascript:alert(1) x',
  ];
  for (const text of refused) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseRemoteURL(text), { name: 'TerminalError', message: /^repository URL / });
    });
  }

  it('refuses a password in the URL and does not repeat it', () => {
    assert.throws(
      () => parseRemoteURL('https://alice:hunter2@github.com/acme/ops'),
      ({ message }: Error) => /holds a password/.test(message) && !message.includes('hunter2'),
    );
  });

  it('refuses transports that are not allowed', () => {
    assert.throws(
      () => parseRemoteURL('file:///srv/x', ['https']),
      /uses file, which this worker does not allow/,
    );
    assert.throws(() => parseRemoteURL('/srv/x', ['https', 'ssh']), /uses file/);
  });

  it('shows no user info', () => {
    assert.equal(displayURL('https://alice:pw@host/x'), 'https://host/x');
  });
});

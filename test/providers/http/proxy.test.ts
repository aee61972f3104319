import assert from 'node:assert/strict';
import { proxyFromEnvironment } from '../../../src/providers/http/proxy.ts';

describe('proxies of the environment', () => {
  const env = { HTTP_PROXY: 'http://p:1', https_proxy: 'q:2', NO_PROXY: '.corp, 10.0.0.0/8,x.example:8080' };
  const cases: readonly (readonly [url: string, proxy: string | undefined])[] = [
    ['http://a.example/', 'http://p:1/'],
    ['https://a.example/', 'http://q:2/'],
    ['http://git.corp/', undefined],
    ['http://corp/', undefined],
    ['http://xcorp/', 'http://p:1/'],
    ['http://10.1.2.3/', undefined],
    ['http://11.1.2.3/', 'http://p:1/'],
    ['http://x.example:8080/', undefined],
    ['http://x.example/', 'http://p:1/'],
    ['http://localhost:5/', undefined],
    ['http://127.0.0.1/', undefined],
    ['http://[::1]/', undefined],
  ];
  for (const [url, proxy] of cases) {
    it(`${url} goes ${proxy ? `through ${proxy}` : 'straight'}`, () =>
      assert.equal(proxyFromEnvironment(env, new URL(url))?.url.href, proxy));
  }

  it('are left alone for everything by *', () =>
    assert.equal(proxyFromEnvironment({ ...env, NO_PROXY: '*' }, new URL('http://a.example/')), undefined));

  it('must be proxies', () =>
    assert.throws(
      () => proxyFromEnvironment({ HTTP_PROXY: 'socks5://x' }, new URL('http://a/')),
      /^Error: HTTP_PROXY/,
    ));
});

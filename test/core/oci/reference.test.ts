import assert from 'node:assert/strict';
import { parseReference, repositoryURL } from '../../../src/core/oci/reference.ts';

describe('references to artifacts', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const cases: readonly (readonly [string, string, string, string, string])[] = [
    ['ghcr.io/a/b:v1', 'ghcr.io', 'a/b', 'v1', 'ghcr.io/a/b'],
    ['oci://ghcr.io/a/b:v1', 'ghcr.io', 'a/b', 'v1', 'oci://ghcr.io/a/b'],
    [`localhost:5000/a/b@${digest}`, 'localhost:5000', 'a/b', digest, 'localhost:5000/a/b'],
    ['localhost/a:1', 'localhost', 'a', '1', 'localhost/a'],
    ['127.0.0.1:5000/a:1', '127.0.0.1:5000', 'a', '1', '127.0.0.1:5000/a'],
    ['nginx:1.25', 'registry-1.docker.io', 'library/nginx', '1.25', 'nginx'],
    ['team/app:1', 'registry-1.docker.io', 'team/app', '1', 'team/app'],
    ['docker.io/nginx:1', 'registry-1.docker.io', 'library/nginx', '1', 'docker.io/nginx'],
    ['index.docker.io/team/app:1', 'registry-1.docker.io', 'team/app', '1', 'index.docker.io/team/app'],
  ];
  for (const [text, host, repository, version, url] of cases) {
    it(`reads ${text.slice(0, 40)}`, () => {
      const found = parseReference(text);
      assert.deepEqual(
        [found.host, found.repository, found.digest ?? found.tag, repositoryURL(found)],
        [host, repository, version, url],
      );
    });
  }

  for (const text of [
    '',
    'a',
    'ghcr.io/a',
    'ghcr.io//a:1',
    'ghcr.io/../a:1',
    'ghcr.io/a b:1',
    'ghcr.io/a:',
    'ghcr.io/A:1',
    'a@sha256:xyz',
  ])
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseReference(text), {
        name: 'Error',
        message: /names no repository|ends in no digest|has the tag/,
      });
    });
});

import assert from 'node:assert/strict';
import {
  isSameRepository,
  normalizeChartURL,
  normalizeGitURL,
  normalizeImageURL,
} from '../../../src/core/freight/urls.ts';

type Cases = readonly (readonly [string, string])[];

describe('repository URLs', () => {
  const git: Cases = [
    ['https://Git.Test/Org/App.git', 'https://git.test/org/app'],
    ['HTTPS://GIT.test/org/app.git/', 'https://git.test/org/app'],
    [' https://user:pw@git.test:8443/org/app/ ', 'https://git.test:8443/org/app'],
    ['https://git.test', 'https://git.test'],
    ['ssh://git@git.test:22/org/app.git', 'ssh://git@git.test:22/org/app'],
    ['git@git.test:Org/app.git', 'ssh://git@git.test/org/app'],
    ['git.test:org/app', 'ssh://git.test/org/app'],
    ['https://git.test/org/app.git?x=1', 'https://git.test/org/app.git?x=1'],
    ['https://git.test/my app.git', 'https://git.test/my app.git'],
    ['https://git.test/my%20app.git', 'https://git.test/my%20app.git'],
    ['file:///srv/Repo.git', 'file:///srv/Repo'],
    ['github.com/Org/App', 'github.com/Org/App'],
    ['', ''],
  ];
  for (const [url, normal] of git) {
    it(`writes Git ${JSON.stringify(url)} as ${normal}`, () => assert.equal(normalizeGitURL(url), normal));
  }

  const images: Cases = [
    ['docker.io/library/nginx', 'nginx'],
    ['index.docker.io/org/app', 'org/app'],
    ['library/nginx', 'nginx'],
    ['nginx:1.27', 'nginx'],
    ['Registry.test:5000/App', 'registry.test:5000/app'],
    ['registry.test/library/app', 'registry.test/library/app'],
    ['localhost/app:v1@sha256:0123abcd', 'localhost/app'],
  ];
  for (const [url, normal] of images) {
    it(`writes image ${url} as ${normal}`, () => assert.equal(normalizeImageURL(url), normal));
  }

  const charts: Cases = [
    ['oci://Reg.test/charts/Web', 'reg.test/charts/web'],
    ['OCI://docker.io/org/web', 'org/web'],
    ['https://charts.test/stable', 'https://charts.test/stable'],
  ];
  for (const [url, normal] of charts) {
    it(`writes chart repository ${url} as ${normal}`, () => assert.equal(normalizeChartURL(url), normal));
  }
});

describe('two URLs of one Git repository', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['https://git.test/org/app', 'https://git.test/Org/App.git', true],
    ['https://git.test/org/app', 'git@git.test:org/app.git', false],
    ['git.test/org/app', 'https://git.test/org/app.git', true],
    ['git.test/org/app', 'git@git.test:org/app.git', true],
    ['git.test/org/app', 'ssh://git@git.test/org/app', true],
    ['https://git.test/org/app', 'git.test/org/app.git', true],
    ['git.test/org/app', 'https://git.test/org/other', false],
  ];
  for (const [one, other, same] of cases) {
    it(`${one} and ${other}: ${same ? 'yes' : 'no'}`, () => assert.equal(isSameRepository(one, other), same));
  }
});

import assert from 'node:assert/strict';
import { httpPost } from '../../../src/activities/steps/http-post.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { createHttpServers } from '../../support/http-server.ts';
import { createStepRig, type StepRig } from '../../support/step-world.ts';

describe('http-post', () => {
  const servers = createHttpServers();
  let rig: StepRig;
  beforeEach(() => {
    rig = createStepRig();
  });
  afterEach(async () => {
    rig.remove();
    await servers.close();
  });

  async function post(config: JsonObject): Promise<readonly (string | undefined)[]> {
    let seen: (string | undefined)[] = [];
    const url = await servers.serve((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        seen = [request.method, request.headers['content-type'], Buffer.concat(pieces).toString()];
        response.writeHead(204).end();
      });
    });
    await rig.run(httpPost, { url, ...config });
    return seen;
  }

  const cases: readonly (readonly [
    title: string,
    config: JsonObject,
    type: string | undefined,
    body: string,
  ])[] = [
    ['text that is JSON, to the letter', { body: '{ "a": 1.20 }\n' }, 'application/json', '{ "a": 1.20 }\n'],
    ['an object as JSON', { body: { a: [1, '🚀'] } }, 'application/json', '{"a":[1,"🚀"]}'],
    ['a list as JSON', { body: [1] }, 'application/json', '[1]'],
    ['other text as it is', { body: 'hello' }, undefined, 'hello'],
    ['a number as text', { body: 5 }, undefined, '5'],
    ['nothing', {}, undefined, ''],
    [
      'a type that a header names',
      { body: {}, headers: [{ name: 'content-type', value: 'a/b' }] },
      'a/b',
      '{}',
    ],
  ];
  for (const [title, config, type, body] of cases) {
    it(`sends ${title}`, async () => assert.deepEqual(await post(config), ['POST', type, body]));
  }

  it('counts a status that is no success', async () => {
    const url = await servers.serve((_, response) => response.writeHead(500).end());
    await assert.rejects(rig.run(httpPost, { url, body: 'x' }), { name: 'TransientError' });
  });

  it('may be repeated only where the user says so', () => {
    assert.equal(httpPost.traits?.({}, { errorThreshold: 1 }).repeatable, false);
    assert.equal(httpPost.traits?.({}, { errorThreshold: 2 }).repeatable, true);
  });
});

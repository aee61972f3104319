import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { unpackMember } from '../../src/tools/unpack.ts';
import { tarGz } from '../support/release-server.ts';

describe('unpackMember', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gantry-unpack-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function unpack(archive: Buffer, member: string): Promise<string> {
    await writeFile(join(folder, 'archive'), archive);
    await unpackMember(join(folder, 'archive'), member, join(folder, 'out'));
    return readFile(join(folder, 'out'), 'utf8');
  }

  const big = 'x'.repeat(300_000);
  for (const [title, files, member, text] of [
    ['the first member', { tool: 'a', LICENSE: 'b' }, 'tool', 'a'],
    ['one in a folder', { 'linux-amd64/': '', 'linux-amd64/tool': 'a' }, 'linux-amd64/tool', 'a'],
    ['one after others of any size', { empty: '', block: 'b'.repeat(512), big, tool: 'a' }, 'tool', 'a'],
    ['one of many chunks', { LICENSE: 'b', tool: big }, 'tool', big],
    ['one written with a leading ./', { './tool': 'a' }, 'tool', 'a'],
  ] as const) {
    it(`takes ${title}`, async () => assert.equal(await unpack(tarGz(files), member), text));
  }

  const good = tarGz({ LICENSE: 'b', tool: big });
  for (const [title, archive, error] of [
    ['misses the member', tarGz({ other: 'a' }), /no file tool/],
    ['has a folder of that name', tarGz({ 'tool/': '' }), /no file tool/],
    ['is cut short', gzipSync(gunzipSync(good).subarray(0, 100_000)), /cut short/],
    ['is cut short in its packing', good.subarray(0, good.length - 100), /unexpected end|cut short/],
    ['is something else', gzipSync(Buffer.from('<html>'.repeat(1000))), /no tar archive/],
    ['is not packed', Buffer.from('<html>'), /header/],
  ] as const) {
    it(`rejects an archive that ${title}`, () => assert.rejects(unpack(archive, 'tool'), error));
  }
});

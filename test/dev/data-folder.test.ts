import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DataFolderInUse,
  explainUnusable,
  lockDataFolder,
  setAsideForeign,
} from '../../src/dev/data-folder.ts';

describe('The data folder', () => {
  let root: string;
  let data: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'gantry-data-'));
    data = join(root, 'a', 'data');
  });
  afterEach(() => rm(root, { recursive: true }));

  it('is made, and used by one process at a time', async () => {
    const lock = await lockDataFolder(data);
    await assert.rejects(lockDataFolder(data), DataFolderInUse);
    await lock.release();
    await (await lockDataFolder(data)).release();
  });

  it('cannot be where a file is', async () => {
    await writeFile(join(root, 'a'), '');
    await assert.rejects(
      lockDataFolder(data),
      /cannot be used: a part of the path is a file\. Choose another with --data/,
    );
    await assert.rejects(lockDataFolder(join(root, 'a')), /cannot be used: there is a file of that name/);
  });

  for (const [code, reason] of [
    ['EACCES', 'no permission to write there'],
    ['EROFS', 'the file system is read-only'],
    ['ENOSPC', 'the disk is full'],
  ] as const) {
    it(`explains ${code}`, () => {
      const text = explainUnusable('/x', Object.assign(new Error('no'), { code }));
      assert.equal(
        text,
        `The data folder /x cannot be used: ${reason}. Choose another with --data DIR or GANTRY_DATA`,
      );
    });
  }

  describe('with a database', () => {
    const warnings: string[] = [];
    const warn = (text: string) => void warnings.push(text);

    beforeEach(async () => {
      warnings.length = 0;
      await (await lockDataFolder(data)).release();
      for (const name of ['temporal.db', 'temporal.db-wal']) await writeFile(join(data, name), name);
    });

    it('keeps one of the same server', async () => {
      await writeFile(join(data, 'temporal.version'), '1.29.1\n');
      await setAsideForeign(data, '1.29.1', warn);
      assert.deepEqual((await readdir(data)).toSorted(), [
        'temporal.db',
        'temporal.db-wal',
        'temporal.version',
      ]);
      assert.deepEqual(warnings, []);
    });

    for (const writer of ['1.28.0', undefined]) {
      it(`sets one of server ${writer ?? 'nobody knows'} aside, write-ahead log included`, async () => {
        if (writer !== undefined) await writeFile(join(data, 'temporal.version'), `${writer}\n`);
        await setAsideForeign(data, '1.29.1', warn);
        const names = (await readdir(data)).map((name) => name.replace(/\d{8}T\d{6}/, 'TIME')).toSorted();
        const aside = `temporal-${writer ?? 'unknown'}-TIME.db`;
        assert.deepEqual(names, [aside, `${aside}-wal`, 'temporal.version']);
        assert.equal(await readFile(join(data, 'temporal.version'), 'utf8'), '1.29.1\n');
        assert.equal(warnings.length, 1);
      });
    }
  });
});

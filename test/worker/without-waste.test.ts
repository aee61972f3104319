import assert from 'node:assert/strict';
import { withoutWaste } from '../../src/worker/without-waste.ts';

describe('compression towards the server', () => {
  for (const address of ['127.0.0.1:7233', 'localhost:7233', '[::1]:7233']) {
    it(`is off for ${address}`, () => {
      assert.deepEqual(withoutWaste({ address }).grpcCompression, { codec: 'none' });
    });
  }
  for (const address of ['temporal.example:7233', '10.0.0.1:7233', 'localhost.example:7233']) {
    it(`is left alone for ${address}`, () => {
      assert.equal(withoutWaste({ address }).grpcCompression, undefined);
    });
  }
  it('is what the user says', () => {
    const grpcCompression = { codec: 'gzip' } as const;
    assert.deepEqual(
      withoutWaste({ address: 'localhost:1', grpcCompression }).grpcCompression,
      grpcCompression,
    );
  });
});

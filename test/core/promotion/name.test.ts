import assert from 'node:assert/strict';
import { promotionName } from '../../../src/core/promotion/name.ts';

const request = { project: 'demo', stage: 'test', freight: 'F5F87aa23c9e' };
const start = {
  firstRunId: '0198c5b2-7d3e-7c11-9a51-2f3f0f6f1d11',
  startedAt: new Date('2026-11-21T10:00:00Z'),
};

describe('the name of a promotion', () => {
  it('is the last part of an id of ours', () => {
    const workflowId = 'promotion/demo/test/test.01k9.f5f87aa';
    assert.equal(promotionName({ ...start, workflowId, request }), 'test.01k9.f5f87aa');
  });

  const others = [
    'my-id',
    'promotion/other/test/x',
    'promotion/demo/test/',
    'promotion/demo/test/A b',
    'promotion/demo/test/a/b',
  ];
  for (const workflowId of others) {
    it(`is made like Kargo's for ${workflowId}`, () => {
      const name = promotionName({ ...start, workflowId, request });
      assert.match(name, /^test\.[0-9a-hjkmnp-tv-z]{26}\.f5f87aa$/);
    });
  }

  it('is the same every time, and differs between runs', () => {
    const name = (firstRunId: string) => promotionName({ ...start, firstRunId, workflowId: 'x', request });
    assert.equal(name('a'), name('a'));
    assert.notEqual(name('a'), name('b'));
  });

  it('sorts by start', () => {
    const name = (startedAt: Date) => promotionName({ ...start, startedAt, workflowId: 'x', request });
    const instants = [0, 1, 31, 32, 1023, 1_750_000_000_000].map((ms) => name(new Date(ms)));
    assert.deepEqual([...instants].sort(), instants);
  });

  const freights: readonly (readonly [string | readonly { readonly name?: string }[], string])[] = [
    ['proud-panda', 'proud-p'],
    ['ab-cdef-ghi', 'ab-cdef'],
    ['abcdef-xyz', 'abcdef'],
    [[{ name: 'f000001' }], 'f000001'],
    [[{}], 'freight'],
  ];
  for (const [freight, part] of freights) {
    it(`ends in ${part} for ${JSON.stringify(freight)}`, () => {
      const name = promotionName({ ...start, workflowId: 'x', request: { ...request, freight } });
      assert.equal(name.split('.').at(-1), part);
    });
  }

  it('fits in 253 characters', () => {
    const stage = `${'a'.repeat(215)}.${'b'.repeat(37)}`;
    const name = promotionName({ ...start, workflowId: 'x', request: { ...request, stage } });
    assert.ok(name.length <= 253);
    assert.match(name, /^a+(\.b+)?\.[0-9a-z]{26}\.f5f87aa$/);
  });
});

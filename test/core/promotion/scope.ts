import type { Scope } from '../../../src/core/promotion/step-run.ts';
import type { Freight } from '../../../src/core/freight/freight.ts';

const origin = { kind: 'Warehouse', name: 'main' } as const;

const freight: Freight = {
  name: 'f5f87aa23c9e97f43eb83dd63768ee41f5ba3766',
  alias: 'wonky-wombat',
  origin,
  commits: [{ repoURL: 'https://git.example/app.git', id: 'a1b2c3', message: 'Fix "it"' }],
  images: [{ repoURL: 'registry.example/app', tag: '1.20', annotations: { a: 'b' } }],
  charts: [{ repoURL: 'https://charts.example', name: 'app', version: '2.0.0' }],
  artifacts: [],
};

/** What expressions of a step see in these tests. */
export function scopeWith(more: Partial<Scope>): Scope {
  return {
    identity: {
      name: 'test.01j.f5f87aa',
      project: 'demo',
      stage: 'test',
      workflowId: 'w',
      firstRunId: 'r',
      actor: 'alice',
      startedAt: '2025-01-02T03:04:05.678Z',
    },
    alias: 'push',
    promotionVars: [],
    stepVars: [],
    outputs: {},
    records: [],
    freight: { target: freight, collection: [freight], origins: [origin], warehouses: [] },
    startedAt: '2025-01-02T04:00:00Z',
    ...more,
  };
}

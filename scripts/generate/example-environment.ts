import type { DiscoveredArtifacts } from '../../src/core/freight/discovered.ts';
import type { Freight } from '../../src/core/freight/freight.ts';
import { createEnvironment, type Lookups } from '../../src/core/promotion/environment.ts';
import type { Scope } from '../../src/core/promotion/step-run.ts';
import type { Environment } from '../../src/core/expression/expression.ts';
import type { DiscoveredEnvironment } from '../../src/core/template/functions/discovered/discovered.ts';
import { discoveredFunctions } from '../../src/core/template/functions/discovered/index.ts';
import { openTimeZones } from '../../src/providers/time-zones/time-zones.ts';

/** What the examples on the page of functions are evaluated in. */
export function createExampleEnvironment(): Environment {
  return createEnvironment(scope, { place: 'config', lookups, zones: openTimeZones() });
}

/** The same for criteria of new Freight. */
export function createDiscoveredEnvironment(): DiscoveredEnvironment {
  return { values: null, functions: discoveredFunctions, discovered };
}

const startedAt = '2025-01-02T03:04:05Z';
const artifact = { artifactType: 'model', subscriptionName: 'models', version: '7' };

const freight: Freight = {
  name: 'f5f87aa23c9e97f43eb83dd63768ee41f5ba3766',
  alias: 'wonky-wombat',
  origin: { kind: 'Warehouse', name: 'main' },
  commits: [{ repoURL: 'https://git.example.com/app.git', id: 'a1b2c3d', tag: 'v1.2.0' }],
  images: [{ repoURL: 'registry.example.com/app', tag: '1.20', digest: 'sha256:0123' }],
  charts: [{ repoURL: 'https://charts.example.com', name: 'app', version: '2.0.0' }],
  artifacts: [artifact],
};

const scope: Scope = {
  identity: {
    name: 'test.01j.f5f87aa',
    project: 'demo',
    stage: 'test',
    workflowId: 'w',
    firstRunId: 'r',
    startedAt,
  },
  alias: 'update',
  promotionVars: [{ name: 'repo', value: 'registry.example.com/app' }],
  stepVars: [],
  outputs: { push: { commit: 'a1b2c3d', branch: 'stage/test' } },
  records: [{ alias: 'push', status: 'Succeeded', continueOnError: false, errorCount: 0 }],
  freight: { target: freight, collection: [freight], origins: [], warehouses: [] },
  startedAt,
};

const lookups: Lookups = {
  secret: () => ({ token: 's3cret' }),
  sharedSecret: () => ({ token: 's3cret' }),
  configMap: () => ({ region: 'eu-west-1' }),
  sharedConfigMap: () => ({ region: 'eu-west-1' }),
  freightMetadata: (name) => (name === freight.name ? { releaseTag: 'v1.2.0' } : undefined),
  freightStatus: () => ({ verifiedIn: { test: {} } }),
  stageMetadata: () => ({ owner: 'web' }),
};

const discovered: DiscoveredArtifacts = {
  git: [{ repoURL: 'https://git.example.com/app.git', commits: [{ id: 'a1b2c3d', tag: 'v1.2.0' }] }],
  images: [{ repoURL: 'registry.example.com/app', references: [{ tag: '1.20' }] }],
  charts: [{ repoURL: 'https://charts.example.com', name: 'app', versions: ['2.0.0'] }],
  artifacts: [{ subscriptionName: 'models', references: [artifact] }],
};

import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import type { PromotionRef, Promotions } from '../../src/client/promotions.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { PromotionStatus } from '../../src/core/promotion/status.ts';
import { createToolResolver } from '../../src/tools/tools.ts';
import { startWorker, type RunningWorker, type WorkerSettings } from '../../src/worker.ts';
import { createTestRepository, type TestRepository } from './git-repository.ts';
import { useUpOldPolls } from './old-polls.ts';
import type { TestServer } from './temporal-server.ts';
import { toolPath } from './tools.ts';

const seeds = fileURLToPath(new URL('../seeds/', import.meta.url));

/** A repository as the rendering examples expect one: a kustomize base and one overlay per Stage. */
export function createRenderedRepository(path: string): TestRepository {
  const overlay = 'resources:\n  - ../../base\n';
  return createTestRepository(path, {
    commits: [
      {
        id: 'base',
        branch: 'main',
        message: 'Base and overlays',
        files: {
          'base/kustomization.yaml': '# The application\nresources:\n  - deployment.yaml\n',
          'base/deployment.yaml': deployment,
          'stages/test/kustomization.yaml': `namespace: app-test\n${overlay}`,
          'stages/prod/kustomization.yaml': `namespace: app-prod\n${overlay}`,
        },
      },
    ],
  });
}

/** The second document's pipeline with its repository replaced, as one request. */
export function renderedRequest(
  repository: Pick<TestRepository, 'url' | 'commits'>,
  tag: string,
  stage = 'test',
): JsonObject {
  return {
    project: 'demo',
    stage,
    freight: {
      alias: 'brave-eagle',
      origin: { kind: 'Warehouse', name: 'app' },
      commits: [{ repoURL: repository.url, id: repository.commits.get('base')! }],
      images: [{ repoURL: 'my/image', tag }],
    },
    definitions: readSeed('rendered-branch.yaml', repository.url),
  };
}

/** A quiet worker on a test's server, with its workspaces below the folder. Must be stopped. */
export async function startTestWorker(
  server: TestServer,
  folder: string,
  settings: Pick<WorkerSettings, 'secrets' | 'allowSteps' | 'http'> = {},
): Promise<RunningWorker> {
  const worker = await startWorker({
    connection: { address: server.address },
    namespace: server.namespace,
    workspaces: join(folder, 'workspaces'),
    tools: createToolResolver({ env: process.env }),
    allowInlineSteps: false,
    ...settings,
    log: { level: 'error', format: 'text' },
  });
  await useUpOldPolls(await server.client());
  return worker;
}

/** The status a promotion ends with; throws when it ended without one. */
export async function awaitStatus(promotions: Promotions, promotion: PromotionRef): Promise<PromotionStatus> {
  const end = await promotions.outcome(promotion, new AbortController().signal);
  if (end.kind !== 'finished') throw new Error(`the promotion ended as ${JSON.stringify(end)}`);
  return end.status;
}

/** The manifests of a seed file with the repository of the example replaced. */
export function readSeed(
  name: string,
  url: string,
  original = 'https://github.com/example/repo.git',
): JsonObject[] {
  const text = readFileSync(join(seeds, name), 'utf8').replaceAll(original, url);
  return parseAllDocuments(text).map((document) => document.toJS() as JsonObject);
}

/**
 * A folder for PATH in which `kustomize` takes its time, so that a test can kill what waits for it. Use it with
 * `GANTRY_TOOLS=path`.
 */
export function createSlowTools(folder: string, seconds: number): string {
  mkdirSync(folder, { recursive: true });
  const script = `#!/bin/sh\nsleep ${seconds}\nexec '${toolPath('kustomize')}' "$@"\n`;
  writeFileSync(join(folder, 'kustomize'), script);
  chmodSync(join(folder, 'kustomize'), 0o755);
  for (const name of ['helm', 'temporal']) cpSync(toolPath(name), join(folder, name));
  return folder;
}

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: web
          image: my/image:0.0.0
`;

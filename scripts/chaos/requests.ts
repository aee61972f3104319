import type { JsonObject } from '../../src/core/json.ts';
import { sharedBranch } from './remotes.ts';

/** One promotion of a run. */
export interface ChaosPromotion {
  readonly workflowId: string;
  readonly request: JsonObject;
}

/** Where promotions work. */
export interface Target {
  /** Begins the ids of the promotions: two runs on one server must not meet. */
  readonly name: string;
  readonly url: string;
  readonly repositories: readonly string[];
}

/** The promotion of this number: four kinds take turns, and so do the repositories. Every commit says whose it is. */
export function createPromotion(index: number, { name, url, repositories }: Target): ChaosPromotion {
  const id = `p${String(index).padStart(4, '0')}`;
  const repoURL = `${url}/${repositories[index % repositories.length]!}`;
  const steps = kinds[Math.floor(index / repositories.length) % kinds.length]!({
    id,
    repoURL,
    url: `${url}/ready/${id}`,
  });
  return {
    workflowId: `promotion/${name}/${id}/${id}`,
    request: {
      project: name,
      stage: id,
      freight: { images: [{ repoURL: 'registry.test/app', tag: `1.0.${index}` }] },
      steps: steps.map((step) => ({ ...step, retry: { errorThreshold: 10 } })),
    },
  };
}

interface Subject {
  readonly id: string;
  readonly repoURL: string;
  /** What to wait for. */
  readonly url: string;
}

const kinds: readonly ((subject: Subject) => readonly JsonObject[])[] = [
  renderToOwnBranch,
  addToSharedBranch,
  pushWaitPush,
  updateOnGeneratedBranch,
];

function renderToOwnBranch({ id, repoURL }: Subject): readonly JsonObject[] {
  return [
    clone(repoURL, { path: 'src', branch: 'main' }, { path: 'out', branch: `stage/${id}`, create: true }),
    { uses: 'git-clear', config: { path: 'out' } },
    { uses: 'copy', config: { inPath: 'src/base', outPath: 'out/base' } },
    write('out/promoted.txt', id),
    commit('out', id),
    push('out'),
  ];
}

function addToSharedBranch({ id, repoURL }: Subject): readonly JsonObject[] {
  return [
    clone(repoURL, { path: 'out', branch: sharedBranch }),
    write(`out/apps/${id}.txt`, id),
    commit('out', id),
    push('out'),
  ];
}

function pushWaitPush({ id, repoURL, url }: Subject): readonly JsonObject[] {
  const wait = {
    url,
    successExpression: 'response.body.ready',
    failureExpression: 'false',
    pollInterval: '1s',
  };
  return [
    clone(repoURL, { path: 'out', branch: `stage/${id}`, create: true }),
    write('out/first.txt', id),
    commit('out', `${id} first`),
    push('out'),
    { uses: 'http', config: wait },
    write('out/second.txt', '${{ status("step-4") }}'),
    commit('out', `${id} second`),
    push('out'),
  ];
}

function updateOnGeneratedBranch({ id, repoURL }: Subject): readonly JsonObject[] {
  const updates = [{ key: 'version', value: '${{ imageFrom("registry.test/app").Tag }}' }];
  return [
    clone(repoURL, { path: 'out', branch: 'main' }),
    { uses: 'yaml-update', config: { path: 'out/base/app.yaml', updates } },
    commit('out', id),
    push('out', { generateTargetBranch: true }),
  ];
}

function clone(repoURL: string, ...checkout: readonly JsonObject[]): JsonObject {
  return { uses: 'git-clone', config: { repoURL, checkout: [...checkout] } };
}

function write(path: string, contents: string): JsonObject {
  return { uses: 'file-write', config: { path, contents: `${contents}\n` } };
}

function commit(path: string, message: string): JsonObject {
  return { uses: 'git-commit', config: { path, message: `Promote ${message}` } };
}

function push(path: string, more: JsonObject = {}): JsonObject {
  return { uses: 'git-push', config: { path, ...more } };
}

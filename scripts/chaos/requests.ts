import type { JsonObject } from '../../src/core/json.ts';
import { requestsBranch } from './git-host.ts';
import { sharedBranch } from './remotes.ts';

/** One promotion of a run. */
export interface ChaosPromotion {
  readonly workflowId: string;
  readonly request: JsonObject;
  /** Title of the pull request that it opens, if it opens one. */
  readonly title?: string;
}

/** Where promotions work. */
export interface Target {
  /** Begins the ids of the promotions: two runs on one server must not meet. */
  readonly name: string;
  readonly url: string;
  readonly repositories: readonly string[];
}

/** The promotions of a run; those that open a pull request are spread among the others. */
export function createPromotions(
  { promotions, pullRequests = 0 }: { readonly promotions: number; readonly pullRequests?: number },
  target: Target & { readonly hosted: string | undefined },
): readonly ChaosPromotion[] {
  const { name, hosted } = target;
  return Array.from({ length: promotions }, (_, index) => {
    const before = Math.floor((index * pullRequests) / promotions);
    const isRequesting = Math.floor(((index + 1) * pullRequests) / promotions) > before;
    if (!isRequesting || hosted === undefined) return createPromotion(index, target);
    return createRequestingPromotion(index, { name, hosted, toNewBranch: before % 2 === 1 });
  });
}

/** The promotion of this number: four kinds take turns, and so do the repositories. Every commit says whose it is. */
function createPromotion(index: number, { name, url, repositories }: Target): ChaosPromotion {
  const id = idOf(index);
  const repoURL = `${url}/${repositories[index % repositories.length]!}`;
  const steps = kinds[Math.floor(index / repositories.length) % kinds.length]!({
    id,
    repoURL,
    url: `${url}/ready/${id}`,
  });
  return assemble(name, index, steps);
}

/** The promotion of this number as one that opens a pull request and goes on when that is merged. */
function createRequestingPromotion(
  index: number,
  {
    name,
    hosted,
    toNewBranch,
  }: { readonly name: string; readonly hosted: string; readonly toNewBranch: boolean },
): ChaosPromotion {
  const subject = { id: idOf(index), repoURL: hosted };
  const steps = toNewBranch ? requestToNewBranch(subject) : requestToSharedBranch(subject);
  return { ...assemble(name, index, steps), title: titleOf(subject.id) };
}

function idOf(index: number): string {
  return `p${String(index).padStart(4, '0')}`;
}

function titleOf(id: string): string {
  return `Promote ${id}`;
}

function assemble(name: string, index: number, steps: readonly JsonObject[]): ChaosPromotion {
  const id = idOf(index);
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
  return [
    clone(repoURL, { path: 'out', branch: 'main' }),
    updateVersion(),
    commit('out', id),
    push('out', { generateTargetBranch: true }),
  ];
}

type HostedSubject = Omit<Subject, 'url'>;

function requestToSharedBranch(subject: HostedSubject): readonly JsonObject[] {
  const change = write(`out/apps/${subject.id}.txt`, subject.id);
  return requestAndGoOn(subject, change, { targetBranch: requestsBranch });
}

function requestToNewBranch(subject: HostedSubject): readonly JsonObject[] {
  const target = { targetBranch: `stage/${subject.id}`, createTargetBranch: true };
  return requestAndGoOn(subject, updateVersion(), target);
}

function requestAndGoOn(
  { id, repoURL }: HostedSubject,
  change: JsonObject,
  target: JsonObject,
): readonly JsonObject[] {
  const open = { repoURL, sourceBranch: '${{ outputs.push.branch }}', title: titleOf(id), ...target };
  const wait = { repoURL, prNumber: '${{ outputs.open.prNumber }}', pollInterval: '10s' };
  return [
    clone(repoURL, { path: 'out', branch: 'main' }),
    change,
    commit('out', id),
    { ...push('out', { generateTargetBranch: true }), as: 'push' },
    { uses: 'git-open-pr', as: 'open', config: open },
    { uses: 'git-wait-for-pr', as: 'wait', config: wait },
    write('out/after.txt', '${{ status("wait") }}'),
    commit('out', `${id} after`),
    push('out', { targetBranch: `after/${id}` }),
  ];
}

function updateVersion(): JsonObject {
  const updates = [{ key: 'version', value: '${{ imageFrom("registry.test/app").Tag }}' }];
  return { uses: 'yaml-update', config: { path: 'out/base/app.yaml', updates } };
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

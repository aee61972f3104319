import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StepDefinition, StepOutcome, StepWorld } from '../../src/activities/define-step.ts';
import { formatDuration } from '../../src/core/duration.ts';
import { NotYet, TerminalError, TransientError } from '../../src/core/errors.ts';
import { parseFreight } from '../../src/core/freight/parse-freight.ts';
import type { FreightSet, Subscriptions } from '../../src/core/freight/freight.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { applyDefaults, validateConfig } from '../../src/core/schema/validate.ts';
import type { IntegrationPolicy } from '../../src/providers/git/git.ts';
import {
  createTestRepository,
  type ScriptedCommit,
  type TestRepository,
  type TestRepositoryOptions,
} from './git-repository.ts';
import { changedPaths, type CaseFile, entryAs, readTree, writeCaseFiles } from './step-case-files.ts';
import { type GitState, readGitState } from './step-case-git.ts';
import { type CaseHost, createScriptedHosts, type HostCall } from './step-case-host.ts';
import { type CaseRoute, type CaseServer, openCaseServer } from './step-case-http.ts';
import { type Bindings, fillIn, findDifferences } from './step-case-match.ts';
import {
  type CaseArtifacts,
  type CaseRegistries,
  type CaseRegistry,
  createCaseRegistries,
} from './step-case-oci.ts';
import { createStepWorld } from './step-world.ts';

/** One recorded run of one step. */
export interface StepCase {
  readonly id: string;
  readonly step: string;
  readonly why: string;
  readonly given?: Given;
  readonly config: JsonObject;
  readonly expect: Expectation;
}

interface Given {
  readonly promotion?: {
    readonly project?: string;
    readonly stage?: string;
    readonly name?: string;
    readonly uiBaseURL?: string;
  };
  readonly files?: Readonly<Record<string, CaseFile>>;
  readonly git?: Readonly<
    Record<string, { url?: string; head?: string; hook?: string; commits: ScriptedCommit[] }>
  >;
  readonly before?: readonly Before[];
  readonly http?: { readonly routes: readonly CaseRoute[] };
  readonly oci?: CaseArtifacts;
  readonly provider?: CaseHost;
  readonly freight?: readonly JsonObject[];
  readonly resources?: readonly JsonObject[];
  readonly state?: Readonly<Record<string, JsonObject>>;
  readonly operator?: Readonly<Record<string, string>>;
}

interface Before {
  readonly uses?: string;
  readonly config?: JsonObject;
  readonly files?: Readonly<Record<string, CaseFile>>;
  readonly remote?: string;
  readonly commits?: readonly ScriptedCommit[];
}

interface Expectation {
  readonly status: string;
  readonly terminal?: boolean;
  /** Suggested time to the next look, as Go prints it. */
  readonly retryAfter?: string;
  readonly output?: JsonObject;
  readonly files?: Readonly<Record<string, unknown>>;
  readonly modes?: Readonly<Record<string, string>>;
  readonly requests?: readonly object[];
  readonly oci?: Readonly<Record<string, unknown>>;
  readonly provider?: readonly HostCall[];
  readonly git?: {
    readonly worktrees?: GitState['worktrees'];
    readonly localTags?: GitState['localTags'];
    readonly remotes?: Readonly<Record<string, { readonly refs: object; readonly log?: object }>>;
  };
}

/** What came of one run. */
interface Result {
  readonly status: string;
  readonly terminal?: boolean;
  readonly retryAfter?: string;
  readonly output?: JsonObject;
  readonly message?: string;
}

/** Why a result of ours differs from a recorded one, and how. */
export interface DecidedDifference {
  readonly id: string;
  readonly reason: string;
  /** Takes the place of what was recorded, key by key; null = nothing is expected there. */
  readonly expect?: Readonly<Record<string, unknown>>;
  /** Places whose difference is the decided one, whatever the value. */
  readonly places?: readonly string[];
}

/** The case with what was decided in place of what was recorded. */
export function applyDecision(stepCase: StepCase, { expect = {} }: DecidedDifference): StepCase {
  const merged = Object.entries({ ...stepCase.expect, ...expect }).filter(([, value]) => value !== null);
  return { ...stepCase, expect: Object.fromEntries(merged) as unknown as Expectation };
}

/** Runs cases; must be closed. */
export interface StepCaseRunner {
  /** Builds what a case describes, runs its step, and says where the result is not the expected one. */
  run(stepCase: StepCase): Promise<readonly string[]>;
  close(): Promise<void>;
}

export function openStepCases(steps: readonly StepDefinition[]): StepCaseRunner {
  const store = realpathSync(mkdtempSync(join(tmpdir(), 'gantry-cases-')));
  const makeRemote = rememberRemotes(join(store, 'remotes'));
  const registries = createCaseRegistries();
  let count = 0;
  return {
    async run(stepCase) {
      const folder = join(store, String((count += 1)));
      mkdirSync(folder);
      try {
        return await new CaseRun(stepCase, steps, folder, { makeRemote, registries }).run();
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    async close() {
      await registries.close();
      rmSync(store, { recursive: true, force: true });
    },
  };
}

/** Runs a single case, as a runner does. */
export async function runStepCase(
  stepCase: StepCase,
  steps: readonly StepDefinition[],
): Promise<readonly string[]> {
  const runner = openStepCases(steps);
  try {
    return await runner.run(stepCase);
  } finally {
    await runner.close();
  }
}

/** What cases share. */
interface CaseStores {
  readonly makeRemote: MakeRemote;
  readonly registries: CaseRegistries;
}

type MakeRemote = (path: string, options: TestRepositoryOptions) => TestRepository;

/** Nearly all cases begin with the same repository: it is made once and copied. */
function rememberRemotes(folder: string): MakeRemote {
  const made = new Map<string, TestRepository>();
  return (path, options) => {
    const key = JSON.stringify(options);
    const original = made.get(key) ?? createTestRepository(join(folder, String(made.size)), options);
    made.set(key, original);
    return original.copy(path);
  };
}

class CaseRun {
  readonly #case: StepCase;
  readonly #steps: readonly StepDefinition[];
  readonly #root: string;
  readonly #folder: string;
  readonly #stores: CaseStores;
  readonly #remotes = new Map<string, TestRepository>();
  readonly #bindings: Bindings = new Map();
  #server: CaseServer | undefined;
  #registry: CaseRegistry | undefined;
  #calls: readonly HostCall[] = [];

  constructor(stepCase: StepCase, steps: readonly StepDefinition[], folder: string, stores: CaseStores) {
    this.#case = stepCase;
    this.#steps = steps;
    this.#folder = folder;
    this.#stores = stores;
    this.#root = join(folder, 'workspace');
  }

  async run(): Promise<readonly string[]> {
    const { http, oci } = this.#case.given ?? {};
    if (oci) this.#registry = await this.#stores.registries.open(oci, this.#bindings);
    if (!http) return this.#run();
    this.#server = await openCaseServer(http.routes, this.#bindings);
    try {
      return await this.#run();
    } finally {
      await this.#server.close();
    }
  }

  async #run(): Promise<readonly string[]> {
    const { given = {}, config, step } = this.#case;
    mkdirSync(this.#root);
    this.#bindings.set('<workdir>', this.#root);
    writeCaseFiles(
      this.#root,
      fillIn(given.files ?? {}, this.#bindings) as Readonly<Record<string, CaseFile>>,
    );
    this.#makeRemotes(given);
    for (const [index, before] of (given.before ?? []).entries()) await this.#prepare(before, index);
    const files = readTree(this.#root, ['.home']);
    // Needed only where the case expects that nothing changes; reading it costs as much as many a step.
    const git = this.#case.expect.git ? undefined : readGitState(this.#root, this.#remotes);
    const result = await this.#runStep(step, config, 'step');
    const changed = readTree(this.#root, ['.home']);
    return [
      ...this.#compareResult(result),
      ...this.#compareFiles(changedPaths(files, changed), changed),
      ...this.#compareModes(changed),
      ...this.#compareRequests(),
      ...this.#compareCalls(),
      ...this.#compareGit(git),
      ...(await this.#compareRegistry()),
    ];
  }

  #makeRemotes({ git = {} }: Given): void {
    for (const [name, { url, commits, ...options }] of Object.entries(git)) {
      const repository = this.#stores.makeRemote(join(this.#folder, name), { ...options, commits });
      this.#remotes.set(name, repository);
      this.#bindings.set(`<remote:${name}>`, url ?? repository.path);
    }
    this.#bindCommits();
  }

  #bindCommits(): void {
    for (const { commits } of this.#remotes.values()) {
      for (const [id, sha] of commits) this.#bindings.set(`<commit:${id}>`, sha);
    }
  }

  async #prepare({ uses, config = {}, files, remote, commits }: Before, index: number): Promise<void> {
    if (uses) await this.#runBefore(uses, config, `before-${index}`);
    if (files) writeCaseFiles(this.#root, files);
    if (remote) this.#remotes.get(remote)!.add(commits ?? []);
    this.#bindCommits();
  }

  async #runBefore(uses: string, config: JsonObject, alias: string): Promise<void> {
    const { status, message } = await this.#runStep(uses, config, alias);
    if (status !== 'Succeeded' && status !== 'Skipped') throw new Error(`before: ${uses}: ${message}`);
  }

  async #runStep(kind: string, raw: JsonObject, alias: string): Promise<Result> {
    const step = this.#steps.find((one) => one.kind === kind);
    if (!step) throw new Error(`no step of kind ${kind}`);
    const filled = fillIn(raw, this.#bindings) as JsonObject;
    const config = step.upgrade ? step.upgrade(filled) : filled;
    const problems = validateConfig(step.config, config);
    if (problems.length > 0) {
      return { status: 'Failed', terminal: true, message: problems.map(({ message }) => message).join('\n') };
    }
    try {
      return toResult(await step.run(applyDefaults(step.config, config), this.#createWorld(step, alias)));
    } catch (error) {
      return toFailure(error);
    }
  }

  #createWorld({ reads = [] }: StepDefinition, alias: string): StepWorld {
    const {
      promotion: { uiBaseURL, ...promotion } = {},
      provider,
      state = {},
      operator = {},
      freight = [],
      resources = [],
      git = {},
    } = this.#case.given ?? {};
    const integration = operator['GIT_PUSH_INTEGRATION_POLICY'] as IntegrationPolicy | undefined;
    const config = Object.entries(git).flatMap(([name, { url }]) =>
      url ? [`url.${this.#remotes.get(name)!.path}.insteadOf=${url}`] : [],
    );
    if (provider && this.#remotes.size === 0) config.push(this.#hostedRemote());
    const world = createStepWorld(this.#root, { git: { config, ...(integration && { integration }) } });
    const { hosts, calls } = createScriptedHosts(provider, (url) => this.#findRemote(url));
    this.#calls = calls;
    const limit = operator['MAX_OCI_PUSH_ARTIFACT_SIZE'];
    return {
      ...world,
      ...(limit !== undefined && { registries: { ...world.registries, maximumCopy: Number(limit) } }),
      alias,
      gitHosts: hosts,
      promotion: { ...world.promotion, ...promotion, ...(uiBaseURL && { uiBaseUrl: uiBaseURL }) },
      ...(state[alias] && { previous: state[alias] }),
      freight: createFreightSet(freight, resources),
      reads: Object.fromEntries(reads.map((key) => [key, readsOf(state, key)])),
    };
  }

  /** Setting of git: behind the address of a host without scripted commits there is a repository of one. */
  #hostedRemote(): string {
    const commits = [{ id: 'hosted', branch: 'main', files: { 'README.md': 'hello\n' }, message: 'first' }];
    const { path } = this.#stores.makeRemote(join(this.#folder, 'hosted'), { commits });
    return `url.${path}.insteadOf=https://git.example/acme/ops`;
  }

  #findRemote(repoURL: string): TestRepository | undefined {
    return [...this.#remotes].find(([name]) => this.#bindings.get(`<remote:${name}>`) === repoURL)?.[1];
  }

  #compareResult(result: Result): string[] {
    const { status, terminal, retryAfter, output = {} } = this.#case.expect;
    const expected = { status, terminal, retryAfter, output };
    const actual = { ...pickResult(result), output: result.output ?? {} };
    const differences = findDifferences(expected, actual, this.#bindings, 'result');
    const said = result.message ? ` (${result.message})` : '';
    return differences.map((text) => text + said);
  }

  #compareFiles(paths: readonly string[], after: ReturnType<typeof readTree>): string[] {
    const { files = {} } = this.#case.expect;
    const actual = Object.fromEntries(paths.map((path) => [path, entryAs(files[path], after.get(path))]));
    return findDifferences(files, actual, this.#bindings, 'files');
  }

  #compareModes(after: ReturnType<typeof readTree>): string[] {
    const { modes = {} } = this.#case.expect;
    const actual = Object.fromEntries(Object.keys(modes).map((path) => [path, after.get(path)?.mode]));
    return findDifferences(modes, actual, this.#bindings, 'modes');
  }

  #compareRequests(): string[] {
    const { step, expect } = this.#case;
    // What the binaries of tools ask chart repositories was not recorded.
    if (!expect.requests && step.startsWith('helm-')) return [];
    const { requests = [] } = expect;
    return findDifferences(requests, this.#server?.requests ?? [], this.#bindings, 'requests');
  }

  #compareCalls(): string[] {
    return findDifferences(this.#case.expect.provider ?? [], this.#calls, this.#bindings, 'provider');
  }

  async #compareRegistry(): Promise<string[]> {
    const changes = (await this.#registry?.changes()) ?? {};
    return findDifferences(this.#case.expect.oci ?? {}, changes, this.#bindings, 'oci');
  }

  #compareGit(before: GitState | undefined): string[] {
    const after = readGitState(this.#root, this.#remotes);
    const { git } = this.#case.expect;
    if (!git) return findDifferences(before, after, this.#bindings, 'git (unchanged)');
    return [
      ...findDifferences(git.worktrees ?? {}, after.worktrees, this.#bindings, 'git.worktrees'),
      ...findDifferences(git.localTags ?? {}, after.localTags, this.#bindings, 'git.localTags'),
      ...Object.entries(git.remotes ?? {}).flatMap(([name, { refs, log = {} }]) => {
        const found = after.remotes[name]!;
        const logs = Object.fromEntries(Object.keys(log).map((ref) => [ref, found.log[ref]]));
        const path = `git.remotes.${name}`;
        return findDifferences({ log, refs }, { log: logs, refs: found.refs }, this.#bindings, path);
      }),
    ];
  }
}

function pickResult({
  status,
  terminal,
  retryAfter,
}: Result): Pick<Result, 'status' | 'terminal' | 'retryAfter'> {
  return {
    status,
    ...(terminal !== undefined && { terminal }),
    ...(retryAfter !== undefined && { retryAfter }),
  };
}

function toResult({ status = 'Succeeded', output }: StepOutcome): Result {
  return { status, ...(output && { output: JSON.parse(JSON.stringify(output)) as JsonObject }) };
}

function toFailure(error: unknown): Result {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof NotYet) {
    const { retryIn, output } = error;
    return {
      status: 'Running',
      message,
      ...(output && { output }),
      ...(retryIn !== undefined && { retryAfter: formatDuration(retryIn) }),
    };
  }
  const terminal = error instanceof TerminalError;
  const status = error instanceof TerminalError || error instanceof TransientError ? error.status : 'Errored';
  const output = terminal ? error.output : undefined;
  return { status, terminal, message, ...(output && { output }) };
}

function readsOf(state: Readonly<Record<string, JsonObject>>, key: string): { alias: string; value: Json }[] {
  return Object.entries(state).flatMap(([alias, output]) =>
    output[key] === undefined ? [] : [{ alias, value: output[key] }],
  );
}

function createFreightSet(freight: readonly JsonObject[], resources: readonly JsonObject[]): FreightSet {
  const collection = freight.map((one) => parseFreight(one, () => ({}), undefined).freight!);
  const empty = { name: 'none', alias: 'none', commits: [], images: [], charts: [], artifacts: [] };
  const origins = collection.flatMap(({ origin }) => (origin ? [origin] : []));
  return { target: collection[0] ?? empty, collection, origins, warehouses: resources.map(readWarehouse) };
}

function readWarehouse(manifest: JsonObject): Subscriptions {
  const { metadata, spec } = manifest as unknown as {
    metadata: { name: string };
    spec: { subscriptions: { image?: { repoURL: string }; git?: { repoURL: string } }[] };
  };
  return {
    origin: { kind: 'Warehouse', name: metadata.name },
    git: spec.subscriptions.flatMap(({ git }) => (git ? [git.repoURL] : [])),
    images: spec.subscriptions.flatMap(({ image }) => (image ? [image.repoURL] : [])),
    charts: [],
    artifacts: [],
  };
}

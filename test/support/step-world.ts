import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StepDefinition, StepOutcome, StepWorld } from '../../src/activities/define-step.ts';
import { resolveInWorkspace } from '../../src/activities/resolve-path.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { applyDefaults, validateConfig } from '../../src/core/schema/validate.ts';
import { createGit, type GitOptions } from '../../src/providers/git/git.ts';
import { createGitHosts } from '../../src/providers/git-hosts/git-hosts.ts';
import { createHttp } from '../../src/providers/http/http.ts';
import { createRegistries } from '../../src/providers/oci/registries.ts';
import { createScripts } from '../../src/providers/script/scripts.ts';
import { createToolRunner } from '../../src/providers/run-tool.ts';
import { toolPath } from './tools.ts';

/** What a test may set of the world of a step; the rest is plain and harmless. */
export interface StepWorldOptions extends Partial<Omit<StepWorld, 'git'>> {
  readonly git?: Partial<GitOptions>;
}

/** The world of a step over a folder: real git and tools, no credentials, no Freight. */
export function createStepWorld(root: string, { git = {}, ...options }: StepWorldOptions = {}): StepWorld {
  const signal = options.signal ?? new AbortController().signal;
  const http = options.http ?? createHttp({ policy: { allow: ['loopback'] }, signal });
  const findCredentials = options.findCredentials ?? (async () => undefined);
  return {
    promotion: { name: 'test.01h.abc1234', project: 'demo', stage: 'test' },
    alias: 'step',
    again: false,
    startedAt: new Date('2026-03-01T12:00:00Z'),
    freight: { target: noFreight, collection: [noFreight], origins: [], warehouses: [] },
    workspace: { root, resolve: (path) => resolveInWorkspace(root, path) },
    git: createTestGit(root, { signal, ...git }),
    watchPullRequest: async () => undefined,
    http,
    registries: createRegistries({ http, findCredentials, signal, patience: 0 }),
    gitHosts: createGitHosts({ http, findCredentials, signal, patience: 0 }),
    findCredentials,
    tools: createToolRunner(async (name) => ({ path: toolPath(name) }), { PATH: process.env['PATH'] ?? '' }),
    get scripts() {
      const resolveTool = async (name: string) => ({ path: toolPath(name) });
      const date = options.startedAt ?? new Date('2026-03-01T12:00:00Z');
      return createScripts({ git: testGitOptions(root, { signal, ...git }), root, date, resolveTool });
    },
    print: () => undefined,
    channels: [],
    findSecret: async () => undefined,
    reads: {},
    log: { info: () => undefined, warn: () => undefined },
    redact: (text) => text,
    signal,
    ...options,
  };
}

/** Git over a folder, with nothing of the machine's own settings. Its mirrors lie beside the folder. */
export function createTestGit(root: string, options: Partial<GitOptions> = {}) {
  return createGit(testGitOptions(root, options));
}

export function testGitOptions(root: string, options: Partial<GitOptions> = {}): GitOptions {
  return {
    binary: toolPath('git'),
    home: join(root, '.home'),
    mirrors: { folder: `${root}.mirrors`, smallestTree: 1 },
    project: 'demo',
    credentials: { find: async () => undefined },
    identity: { name: 'Kargo', email: 'no-reply@kargo.io' },
    task: `test-${process.pid}-${Math.random()}`,
    signal: new AbortController().signal,
    ...options,
  };
}

/** A temporary folder with a workspace in it, and steps that run there. */
export interface StepRig {
  readonly folder: string;
  readonly root: string;
  /** Checks the config and runs the step as a worker would. */
  run(step: StepDefinition, config: JsonObject, options?: StepWorldOptions): Promise<StepOutcome>;
  /** Takes all files of the workspace away, as the loss of its disk does. */
  loseWorkspace(): void;
  remove(): void;
}

export function createStepRig(): StepRig {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gantry-steps-')));
  const root = join(folder, 'workspace');
  mkdirSync(root);
  return {
    folder,
    root,
    async run(step, raw, options) {
      const config = step.upgrade ? step.upgrade(raw) : raw;
      const [problem] = validateConfig(step.config, config);
      if (problem) throw new Error(`config: ${problem.path.join('.')}: ${problem.message}`);
      return step.run(applyDefaults(step.config, config), createStepWorld(root, options));
    },
    loseWorkspace() {
      rmSync(root, { recursive: true });
      mkdirSync(root);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const noFreight = { name: 'none', alias: 'none', commits: [], images: [], charts: [], artifacts: [] };

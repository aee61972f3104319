import { TerminalError } from '../core/errors.ts';
import type { Lookups } from '../core/promotion/environment.ts';
import type { StepRun } from '../core/promotion/step-run.ts';
import type { CredentialSource } from '../providers/credentials/credentials.ts';
import { createGit, type GitIdentity, type GitOptions, type GitPolicy } from '../providers/git/git.ts';
import type { GitHostPolicy } from '../providers/git-hosts/git-hosts.ts';
import type { HostMemory } from '../providers/git-hosts/host-memory.ts';
import type { MirrorOptions } from '../providers/git/mirror/mirror.ts';
import type { HttpPolicy } from '../providers/http/http.ts';
import { createRegistries, type RegistryPolicy } from '../providers/oci/registries.ts';
import { taskVariable } from '../providers/git/marked-processes.ts';
import type { RunProgram } from '../providers/programs/program.ts';
import { createScripts } from '../providers/script/scripts.ts';
import { createToolRunner } from '../providers/run-tool.ts';
import type { StepLog, StepWorld, Workspace } from './define-step.ts';
import { openGitHosts, openHttpFor } from './open-git-hosts.ts';
import { resolveInWorkspace } from './resolve-path.ts';
import type { Scrubber } from './scrub.ts';
import { tellCredentials, tellLookups } from './tell-secrets.ts';
import type { EnteredWorkspace } from './workspace/workspaces.ts';

/** What the worker lends to steps. */
export interface WorldParts {
  readonly credentials: CredentialSource;
  /** Finds a binary, or rejects saying how to install it. */
  readonly resolveTool: (name: string) => Promise<{ readonly path: string }>;
  /** Absolute path of the git binary. */
  readonly gitBinary: string;
  /** Absolute path of git-lfs, where there is one. */
  readonly findLfs?: () => Promise<string | undefined>;
  /** Author of commits when the user names none. */
  readonly gitIdentity: GitIdentity;
  /** Which repositories may be cloned, and how pushes deal with others' commits; default everything, Kargo's way. */
  readonly gitPolicy?: GitPolicy;
  /** Where clones find what earlier promotions fetched; absent = nowhere. */
  readonly mirrors?: MirrorOptions;
  /** Which addresses steps may connect to; default public ones only. */
  readonly httpPolicy?: HttpPolicy;
  /** How much may be copied between registries; default 1 GiB. */
  readonly registryPolicy?: RegistryPolicy;
  /** Which hosts are of which kind where their name does not tell. */
  readonly gitHostPolicy?: GitHostPolicy;
  /** What this process keeps of the answers of Git hosts. */
  readonly hostMemory?: HostMemory;
  /** What expressions may read from outside, for one project; absent = such expressions are errors. */
  readonly lookupsFor?: (project: string) => Promise<Lookups>;
  /** Starts git and tools; default from this process. */
  readonly runProgram?: RunProgram;
  /** Variables that every child process gets: PATH, proxies, certificates. */
  readonly environment: Readonly<Record<string, string>>;
  /** Begins the mark of every child process: tells whose it was after a crash. */
  readonly taskPrefix: string;
}

/** The log of an attempt; what git tells while it works is for debugging only. */
export interface AttemptLog extends StepLog {
  debug(message: string): void;
}

/** What one attempt adds. */
export interface WorldOfAttempt {
  readonly attempt: string;
  /** An earlier one began. */
  readonly again: boolean;
  readonly signal: AbortSignal;
  readonly scrubber: Scrubber;
  readonly log: AttemptLog;
  readonly print: (text: string) => void;
  readonly workspace?: EnteredWorkspace;
  readonly watchPullRequest?: StepWorld['watchPullRequest'];
  /** Private folder for git and tools where there is no workspace; gone when the attempt ends. */
  readonly scratch?: string;
}

/** All that a step may touch, made for one attempt. Secrets handed out through it are known to the scrubber. */
export function createStepWorld(run: StepRun, parts: WorldParts, own: WorldOfAttempt): StepWorld {
  const { identity, alias, startedAt, freight } = run.scope;
  const { name, project, stage, actor, uiBaseUrl } = identity;
  const task = `${parts.taskPrefix}${own.attempt}`;
  const credentials = tellCredentials(parts.credentials, own.scrubber);
  const findCredentials: StepWorld['findCredentials'] = (query) => credentials.find({ ...query, project });
  const openHttp = () => openHttpFor(parts, own.signal);
  const redact = (text: string) => own.scrubber.text(text);
  const gitOptions = (): GitOptions => ({
    binary: parts.gitBinary,
    home: homeOf(own),
    project,
    credentials,
    identity: parts.gitIdentity,
    ...parts.gitPolicy,
    ...(parts.mirrors && { mirrors: parts.mirrors }),
    ...(parts.findLfs && { findLfs: parts.findLfs }),
    task,
    environment: parts.environment,
    signal: own.signal,
    onProgress: (text) => own.log.debug(text),
    redact,
    runProgram: parts.runProgram,
  });
  return {
    promotion: {
      name,
      project,
      stage,
      ...(actor !== undefined && { actor }),
      ...(uiBaseUrl && { uiBaseUrl }),
    },
    alias,
    again: own.again,
    startedAt: new Date(startedAt),
    freight,
    workspace: own.workspace ? openedWorkspace(own.workspace.files) : noWorkspace,
    get git() {
      return createGit(gitOptions());
    },
    watchPullRequest: own.watchPullRequest ?? (async () => undefined),
    get http() {
      return openHttp();
    },
    get registries() {
      const policy = parts.registryPolicy && { policy: parts.registryPolicy };
      return createRegistries({ ...policy, http: openHttp(), findCredentials, signal: own.signal });
    },
    get gitHosts() {
      return openGitHosts(parts, { findCredentials, signal: own.signal });
    },
    findCredentials,
    get tools() {
      const environment = { ...parts.environment, [taskVariable]: task, HOME: homeOf(own) };
      return createToolRunner(parts.resolveTool, environment, { redact, runProgram: parts.runProgram });
    },
    get scripts() {
      const { resolveTool } = parts;
      const root = own.workspace?.files ?? noWorkspace.root;
      return createScripts({ git: gitOptions(), root, date: new Date(startedAt), resolveTool });
    },
    print: own.print,
    channels: run.channels ?? [],
    ...(run.generatedBranch !== undefined && { generatedBranch: run.generatedBranch }),
    async findSecret(name, isShared) {
      const found = await parts.lookupsFor?.(project);
      if (!found)
        throw new TerminalError(
          'this worker was given no Secrets: name a folder of manifests with --secrets',
        );
      const lookups = tellLookups(found, own.scrubber);
      return isShared ? lookups.sharedSecret(name) : lookups.secret(name);
    },
    reads: run.reads,
    ...(run.previous && { previous: run.previous }),
    ...(run.trace !== undefined && { trace: run.trace }),
    log: own.log,
    redact,
    signal: own.signal,
  };
}

function openedWorkspace(root: string): Workspace {
  return { root, resolve: (path) => resolveInWorkspace(root, path) };
}

const noWorkspace: Workspace = {
  get root(): string {
    throw new TerminalError(withoutWorkspace);
  },
  resolve: () => Promise.reject(new TerminalError(withoutWorkspace)),
};

function homeOf({ workspace, scratch }: WorldOfAttempt): string {
  const home = workspace?.home ?? scratch;
  if (home === undefined) throw new TerminalError(withoutWorkspace);
  return home;
}

const withoutWorkspace = 'this kind of step has no workspace';

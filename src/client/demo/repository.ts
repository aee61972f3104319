import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createGitRunner, type RunGit } from './git.ts';

/** The demo's Git repository: kept from run to run, so each run promotes something newer. */
export interface DemoRepository {
  /** A file URL. */
  readonly url: string;
  /** The image tag that comes after the newest one in any Stage: 1.0.0, 1.1.0, … */
  nextTag(stages: readonly string[]): Promise<string>;
  /** What a commit changed, for people. */
  show(sha: string): Promise<string>;
}

/** Where the repository comes from and goes to. */
export interface DemoRepositoryOptions {
  /** The folder to keep it in. */
  readonly folder: string;
  /** What a new one begins with. */
  readonly template: string;
  /** Path of git. */
  readonly git: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Opens the repository, and makes it when this is the first run. */
export async function openDemoRepository(options: DemoRepositoryOptions): Promise<DemoRepository> {
  const { folder, template } = options;
  const path = join(folder, 'repository.git');
  await mkdir(folder, { recursive: true });
  const git = createGitRunner(options.git, folder, options.env);
  if (!existsSync(path)) await createRepository(git, path, template);
  const inside: RunGit = (args) => git([`--git-dir=${path}`, ...args]);
  return {
    url: pathToFileURL(path).href,
    nextTag: async (stages) => tagAfter(await Promise.all(stages.map((stage) => tagOf(inside, stage)))),
    show: async (sha) =>
      (await inside(['show', '--stat', '--patch', '--unified=1', '--format=%s', sha])).trimEnd(),
  };
}

/** Complete or not there at all: it is made beside its place. */
async function createRepository(git: RunGit, path: string, template: string): Promise<void> {
  const draft = await mkdtemp(`${path}.`);
  const index = { GIT_INDEX_FILE: `${draft}/first-index` };
  try {
    await git(['init', '--quiet', '--bare', '--initial-branch=main', draft]);
    await git([`--git-dir=${draft}`, `--work-tree=${template}`, 'add', '--all', template], index);
    const tree = (await git([`--git-dir=${draft}`, 'write-tree'], index)).trim();
    const message = 'Base and Stages of the demo';
    const commit = (await git([`--git-dir=${draft}`, 'commit-tree', '-m', message, tree])).trim();
    await git([`--git-dir=${draft}`, 'update-ref', 'refs/heads/main', commit]);
    await rm(index.GIT_INDEX_FILE, { force: true });
    await rename(draft, path);
  } catch (error) {
    // Somebody else was quicker: theirs is as good.
    if (!existsSync(path)) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** The image tag in the rendered manifests of a Stage; undefined before its first promotion. */
async function tagOf(git: RunGit, stage: string): Promise<string | undefined> {
  try {
    const manifests = await git(['show', `refs/heads/stage/${stage}:manifests.yaml`]);
    return /image: example\/hello:(\d+\.\d+\.\d+)/.exec(manifests)?.[1];
  } catch {
    return undefined;
  }
}

function tagAfter(tags: readonly (string | undefined)[]): string {
  const minors = tags.flatMap((tag) => (tag ? [Number(tag.split('.')[1])] : []));
  return minors.length ? `1.${Math.max(...minors) + 1}.0` : '1.0.0';
}

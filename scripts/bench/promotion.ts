import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gitEnvironment, type TestRepository } from '../../test/support/git-repository.ts';
import { createRenderedRepository, renderedRequest } from '../../test/support/pipeline.ts';
import { toolPath } from '../../test/support/tools.ts';
import { openInstallation } from './installation.ts';
import { interleave, median, type Measure, type Times } from './measure.ts';

const rounds = 15;
const steps = 6;
/** Milliseconds that Gantry may add to each step. */
const allowed = 50;

/** The six-step promotion on the embedded server against the same commands in a shell script, interleaved. */
export async function measurePromotion(): Promise<readonly Measure[]> {
  const installation = await openInstallation();
  const { folder } = installation;
  try {
    const ours = createRenderedRepository(join(folder, 'ours.git'));
    const theirs = createRenderedRepository(join(folder, 'theirs.git'));
    const promote = (round: number) => installation.promote(renderedRequest(ours, tagOf(round)));
    const run = (round: number) => runScript(join(folder, `script-${round}`), theirs, tagOf(round));
    return [compare(await interleave(rounds, promote, run))];
  } finally {
    await installation.close();
  }
}

function tagOf(round: number): string {
  return `1.${round}.0`;
}

function compare({ ours, theirs }: Times): Measure {
  const [promotion, script] = [median(ours), median(theirs)];
  const limit = (script + steps * allowed) / script;
  const ratio = promotion / script;
  const added = ((promotion - script) / steps).toFixed(1);
  const detail = `promotion ${promotion.toFixed(0)} ms, script ${script.toFixed(0)} ms, ${added} ms per step added (bar ${allowed})`;
  return { id: 'promotion/six-steps', ratio, limit, ok: ratio <= limit, detail };
}

/** What an engineer would write in a pipeline: clone, clear, set image, render, commit, push. */
export async function runScript(
  folder: string,
  { url }: Pick<TestRepository, 'url'>,
  tag: string,
): Promise<void> {
  const args = ['-eu', '-c', script, 'script', folder, url, tag, toolPath('kustomize')];
  await promisify(execFile)('sh', args, { env: gitEnvironment() });
}

const script = `
mkdir "$1" && cd "$1"
git clone --quiet --bare "$2" repository
git -C repository worktree add --quiet --detach ../src main
if git -C repository rev-parse --quiet --verify stage/test >/dev/null; then
  git -C repository worktree add --quiet ../out stage/test
else
  empty=$(git -C repository commit-tree -m 'Initial commit' "$(git -C repository mktree </dev/null)")
  git -C repository branch --quiet stage/test "$empty"
  git -C repository push --quiet origin stage/test
  git -C repository worktree add --quiet ../out stage/test
fi
git -C out rm -rf --quiet --ignore-unmatch .
(cd src/base && "$4" edit set image "my/image=my/image:$3")
"$4" build src/stages/test -o out
git -C out add .
git -C out commit --quiet -m "Updated base to use new image"
git -C out push --quiet origin HEAD:stage/test
`;

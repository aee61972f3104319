import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { createPromotions } from '../../src/client/promotions.ts';
import { startDev } from '../../src/dev/dev.ts';
import { createToolResolver } from '../../src/tools/tools.ts';
import { startWorker } from '../../src/worker.ts';
import { gitEnvironment, type TestRepository } from '../../test/support/git-repository.ts';
import { awaitStatus, createRenderedRepository, renderedRequest } from '../../test/support/pipeline.ts';
import { toolPath } from '../../test/support/tools.ts';
import { median, time, type Measure } from './measure.ts';

const rounds = 15;
const steps = 6;
/** Milliseconds that Gantry may add to each step. */
const allowedPerStep = 60;

/** The six-step promotion on the embedded server against the same commands in a shell script, interleaved. */
export async function measurePromotion(): Promise<readonly Measure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-bench-'));
  const tools = createToolResolver({ env: process.env });
  const server = await startDev({ data: join(folder, 'data'), port: 0, tools, log: () => {} });
  const { address, namespace } = server;
  const worker = await startWorker({
    connection: { address },
    namespace,
    workspaces: join(folder, 'workspaces'),
    tools,
    allowInlineSteps: false,
    log: { level: 'error', format: 'json' },
  });
  const connection = await Connection.connect({ address });
  try {
    const promotions = createPromotions(new Client({ connection, namespace }));
    const ours = createRenderedRepository(join(folder, 'ours.git'));
    const theirs = createRenderedRepository(join(folder, 'theirs.git'));
    const promote = async (tag: string) => {
      const { phase, message } = await awaitStatus(
        promotions,
        await promotions.start(renderedRequest(ours, tag)),
      );
      if (phase !== 'Succeeded') throw new Error(`the promotion ended as ${phase}: ${message}`);
    };
    const run = (tag: string) => runScript(join(folder, `script-${tag}`), theirs, tag);
    return [compare(await interleave(promote, run))];
  } finally {
    await connection.close();
    await worker.stop();
    await server.close();
    await rm(folder, { recursive: true });
  }
}

/** Times of each, after one warm-up of each. */
async function interleave(
  promote: (tag: string) => Promise<void>,
  run: (tag: string) => void,
): Promise<{ ours: number[]; theirs: number[] }> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const mine = await time(() => promote(`1.${round}.0`));
    const other = await time(() => run(`1.${round}.0`));
    if (round === 0) continue;
    ours.push(mine);
    theirs.push(other);
  }
  return { ours, theirs };
}

function compare({ ours, theirs }: { ours: number[]; theirs: number[] }): Measure {
  const [promotion, script] = [median(ours), median(theirs)];
  const limit = (script + steps * allowedPerStep) / script;
  const ratio = promotion / script;
  const added = ((promotion - script) / steps).toFixed(1);
  const detail = `promotion ${promotion.toFixed(0)} ms, script ${script.toFixed(0)} ms, ${added} ms per step added`;
  return { id: 'promotion/six-steps', ratio, limit, ok: ratio <= limit, detail };
}

/** What an engineer would write in a pipeline: clone, clear, set image, render, commit, push. */
function runScript(folder: string, { url }: TestRepository, tag: string): void {
  execFileSync('sh', ['-eu', '-c', script, 'script', folder, url, tag, toolPath('kustomize')], {
    env: gitEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
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

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PromotionStatus } from '../../src/core/promotion/status.ts';
import type { CliResult } from '../support/cli.ts';
import { createTestRepository, type TestRepository } from '../support/git-repository.ts';
import { usePackage, type InstalledPackage } from '../support/installed-package.ts';

/** A Stage as somebody writes it who has not read everything: a step, a field and an expression are not quite right. */
const firstDraft = (repoURL: string): string => `apiVersion: kargo.akuity.io/v1alpha1
kind: Stage
metadata:
  name: test
  namespace: shop
spec:
  promotionTemplate:
    spec:
      vars:
        - name: repo
          value: ${repoURL}
      steps:
        - uses: git-clone
          config:
            repoURL: \${{ vars.repo }}
            checkout:
              - branch: main
                path: ./src
              - branch: stage/\${{ ctx.stage }}
                create: true
                path: ./out
        - uses: git-clear
          config:
            path: ./out
        - uses: kustomize-set-images
          config:
            path: ./src/app
            images:
              - image: example/shop
                tag: \${{ imageFrom("example/shop").Tagg }}
        - uses: kustomize-build
          config:
            path: ./src/app
            outpath: ./out/manifests.yaml
        - uses: git-commit
          config:
            path: ./out
            message: Shop \${{ imageFrom("example/shop").Tag }}
        - uses: git-push
          config:
            path: ./out
`;

describe('a new user, with nothing but the tarball and a repository', function () {
  this.timeout(180_000);
  const promote = 'promote --project shop --stage test --freight freight.yaml'.split(' ');
  const stageFile = 'pipelines/stage.yaml';
  let installed: InstalledPackage;
  let folder: string;
  let repository: TestRepository;

  const gantry = async (argv: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CliResult> =>
    installed.gantry(folder, argv, env).exited;
  const edit = (change: (text: string) => string): void => {
    const path = join(folder, stageFile);
    writeFileSync(path, change(readFileSync(path, 'utf8')));
  };

  before(() => {
    installed = usePackage();
    folder = join(installed.folder, 'shop');
    mkdirSync(join(folder, 'pipelines'), { recursive: true });
    repository = createTestRepository(join(folder, 'shop.git'), {
      commits: [{ id: 'app', branch: 'main', message: 'The shop', files: application }],
    });
    writeFileSync(join(folder, stageFile), firstDraft(`${repository.url}x`));
    writeFileSync(join(folder, 'freight.yaml'), 'images:\n  - repoURL: example/shop\n    tag: 1.2.3\n');
  });

  it('learns of three mistakes at once, each under its own line with what to write instead', async () => {
    const { code, stdout } = await gantry(['validate', 'pipelines']);
    assert.equal(code, 2);
    assert.match(stdout, /stage\.yaml:25:17: .*"kustomize-set-images", did you mean "kustomize-set-image"\?/);
    assert.match(stdout, /\n> 25 \| {9}- uses: kustomize-set-images\n/);
    assert.match(stdout, /stage\.yaml:30:52: .*no field Tagg, did you mean "Tag"\?/);
    assert.match(stdout, /stage\.yaml:34:13: .*config\.outpath: unknown field; did you mean outPath\?/);
    assert.match(stdout, /\n1 file, 4 problems\n$/);
  });

  it('is refused the same way by promote, before anything is started', async () => {
    const { code, stderr } = await gantry([...promote, '--definitions', 'pipelines']);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /stage\.yaml:34:13: .*did you mean outPath\?[^]*\n4 problems: nothing was started\n$/,
    );
  });

  it('repairs them by the messages alone', async () => {
    const { stdout } = await gantry(['validate', 'pipelines', '-o', 'json']);
    const { problems } = JSON.parse(stdout) as { problems: readonly ShownProblem[] };
    for (const problem of problems.toReversed()) edit((text) => follow(text, problem));
    assert.deepEqual(await gantry(['validate', 'pipelines']), {
      code: 0,
      stdout: '1 file, 0 problems\n',
      stderr: '',
    });
  });

  it('is told how to get a server', async () => {
    const nobody = { TEMPORAL_ADDRESS: '127.0.0.1:1' };
    const { code, stderr } = await gantry([...promote, '--definitions', 'pipelines'], nobody);
    assert.equal(code, 4);
    assert.match(stderr, /127\.0\.0\.1:1 [^]*`gantry dev` starts one/);
  });

  describe('with gantry dev', () => {
    let dev: ReturnType<InstalledPackage['gantry']>;
    before(async () => {
      dev = installed.gantry(folder, ['dev', '--port', '0', '-o', 'json']);
      await dev.until('stdout', /\n/);
    });
    after(async () => {
      dev.child.kill('SIGTERM');
      assert.equal((await dev.exited).code, 0);
    });

    it('learns that the definitions have to come along', async () => {
      const { code, stderr } = await gantry(promote);
      assert.equal(code, 2);
      assert.match(stderr, /there is no Stage "test" in project "shop".*gantry promote --definitions DIR/);
    });

    it('learns that the repository is not there, and nothing is changed', async () => {
      const before = repository.git('for-each-ref');
      const { code, stderr } = await gantry([...promote, '--definitions', 'pipelines']);
      assert.equal(code, 1);
      assert.match(stderr, /step-1.*shop\.gitx: the repository does not exist.*check repoURL/);
      assert.doesNotMatch(stderr, /\n {4}at /);
      assert.equal(repository.git('for-each-ref'), before);
    });

    it('promotes', async () => {
      edit((text) => text.replace('shop.gitx', 'shop.git'));
      const { code, stdout, stderr } = await gantry([...promote, '--definitions', 'pipelines', '-o', 'json']);
      assert.equal(code, 0, stderr);
      assert.equal((JSON.parse(stdout) as PromotionStatus).phase, 'Succeeded');
      assert.match(repository.git('show', 'stage/test:manifests.yaml'), /image: example\/shop:1\.2\.3\n/);
      assert.equal(repository.git('log', '-1', '--format=%s', 'stage/test'), 'Shop 1.2.3');
    });
  });
});

interface ShownProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** Writes what the message proposes in the place it names. */
function follow(text: string, { message, line, column, length }: ShownProblem): string {
  const [, proposal] = /did you mean "?([^"?]+)"?\?/.exec(message) ?? [];
  if (proposal === undefined) return text;
  const lines = text.split('\n');
  const old = lines[line - 1]!;
  lines[line - 1] = old.slice(0, column - 1) + proposal + old.slice(column - 1 + length);
  return lines.join('\n');
}

const application = {
  'app/kustomization.yaml': 'resources:\n  - deployment.yaml\n',
  'app/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  selector:
    matchLabels: {app: shop}
  template:
    metadata:
      labels: {app: shop}
    spec:
      containers:
        - name: shop
          image: example/shop
`,
};

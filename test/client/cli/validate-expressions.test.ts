import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runGantry } from '../../support/cli.ts';

const stage = `apiVersion: kargo.akuity.io/v1alpha1
kind: Stage
metadata:
  name: test
  namespace: demo
spec:
  requestedFreight:
    - origin:
        kind: Warehouse
        name: app
      sources:
        direct: true
  promotionTemplate:
    spec:
      vars:
        - name: gitRepo
          value: https://github.com/example/repo.git
        - name: image
          value: registry.example.com/app
        - name: tag
          value: "v\${{ imageFrom(vars.image).tag }}"
        - name: branch
          value: stage/\${{ ctx.stage }}
      steps:
        - uses: git-clone
          config:
            repoURL: \${{ vars.gitRepo }}
            checkout:
              - commit: \${{ commitFrom(vars.gitRepo).ID }}
                path: ./src
              - branch: \${{ vars.branch }}
                create: true
                path: ./out
        - uses: git-clear
          config:
            path: ./out
        - uses: kustomize-set-image
          as: update-image
          config:
            path: ./src/base
            images:
              - image: \${{ vars.image }}
                tag: \${{ vars.tag }}
        - uses: kustomize-build
          if: \${{ succes() and outputs['update-image'] != nil }}
          config:
            path: ./src/stages/\${{ ctx.stage }}
            outPath: ./out
        - uses: git-commit
          as: commit
          config:
            path: ./out
            message: |
              Rendered for \${{ ctx.stage }}

              Tag: \${{ vars.tag }}
              Changes: \${{ outputs['update-image'].commitMessage }}, \${{ upper(ctx.stage }}
        - uses: git-push
          config:
            path: ./out
`;

/** The first line with that text, and where it stands in it. */
function placeOf(text: string): { line: number; column: number } {
  const lines = stage.split('\n');
  const line = lines.findIndex((candidate) => candidate.includes(text));
  return { line: line + 1, column: lines[line]!.indexOf(text) + 1 };
}

function lineOf(text: string): string {
  return stage.split('\n').find((line) => line.includes(text)) ?? '';
}

describe('gantry validate, expressions', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'gantry-validate-'));
  before(() => {
    writeFileSync(join(cwd, 'stage.yaml'), stage);
    writeFileSync(join(cwd, 'windows.yaml'), stage.replaceAll('\n', '\r\n'));
  });
  after(() => rmSync(cwd, { recursive: true }));

  const expected = [
    { at: placeOf('tag }}"'), message: /has no field tag, did you mean "Tag"\?/ },
    { at: placeOf('succes()'), message: /there is no function succes, did you mean "success"\?/ },
    // Where the parenthesis is missing.
    {
      at: { ...placeOf('Changes:'), column: lineOf('Changes:').lastIndexOf('}}') + 1 },
      message: /expected , or \) but found the end/,
    },
  ];

  for (const file of ['stage.yaml', 'windows.yaml']) {
    it(`tells all mistakes of ${file} at once, each at its line and column`, async () => {
      assert.ok(stage.split('\n').length >= 60);
      const { code, stdout } = await runGantry(['validate', file, '-o', 'json'], { cwd });
      const { problems } = JSON.parse(stdout) as {
        problems: { severity: string; message: string; line: number; column: number }[];
      };
      const errors = problems.filter(({ severity }) => severity === 'error');
      assert.deepEqual(
        errors.map(({ line, column }) => ({ line, column })),
        expected.map(({ at }) => at),
        stdout,
      );
      for (const [index, { message }] of expected.entries()) assert.match(errors[index]!.message, message);
      assert.equal(code, 2);
    });
  }
});

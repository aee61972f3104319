import assert from 'node:assert/strict';
import { readDefinitions } from '../../../src/core/definitions/read-definitions.ts';
import { formatProblem } from '../../../src/core/problem.ts';
import type { StepKind } from '../../../src/core/promotion/catalogue.ts';
import { checkDefinitions } from '../../../src/core/promotion/check-definitions.ts';
import { catalogue as some, manifest, stage } from './plan-rig.ts';

const plain = some.get('plain')!;
const catalogue = new Map<string, StepKind>([
  ...some,
  ...['fail', 'git-push'].map((kind) => [kind, { ...plain, kind }] as const),
]);

/** What `validate` says, with lines only: manifests are short. */
function lint(...yaml: readonly string[]): readonly string[] {
  const definitions = readDefinitions([{ name: 'd.yaml', text: yaml.join('') }]);
  return checkDefinitions(definitions, catalogue)
    .map(formatProblem)
    .map((line) => line.replace(/^d\.yaml:(\d+:\d+): warning: /, '$1 '));
}

const task = (rest: string): string => manifest('PromotionTask', 't', `spec:\n${rest}`);
const vars = (...pairs: readonly string[]): string =>
  `  vars: [${pairs.map((pair) => `{${pair}}`).join(', ')}]\n`;

interface Case {
  readonly title: string;
  readonly yaml: readonly string[];
  readonly expected: readonly string[];
}

const cases: readonly Case[] = [
  {
    title: 'a variable nobody reads',
    yaml: [stage('      - uses: plain\n', vars('name: a, value: x'))],
    expected: ['6:17 variable "a" is never used: remove it, or read it as ${{ vars.a }}'],
  },
  {
    title: 'a variable of a step that only other steps read',
    yaml: [
      stage(
        "      - uses: plain\n        vars: [{name: a, value: x}]\n      - uses: plain\n        vars: [{name: a, value: z}]\n        config: {k: '${{ vars.a }}'}\n",
      ),
    ],
    expected: ['10:23 variable "a" is never used: remove it, or read it as ${{ vars.a }}'],
  },
  {
    title: 'no variable that a condition, a later one, a task, or a key known at run time reads',
    yaml: [
      stage(
        "      - task: {name: t}\n        vars: [{name: c, value: '${{ vars.b }}'}]\n      - uses: plain\n        if: ${{ vars.d == 'x' }}\n",
        vars(
          'name: a, value: x',
          "name: b, value: '${{ vars.a }}'",
          'name: d, value: x',
          'name: e, value: x',
        ),
      ),
      task(
        "  vars: [{name: c}, {name: e, value: default}]\n  steps: [{uses: plain, config: {k: '${{ vars.c + vars.e }}'}}]\n",
      ),
      manifest(
        'Stage',
        'any',
        "spec:\n  vars: [{name: a, value: x}]\n  promotionTemplate: {spec: {steps: [{uses: plain, config: {k: '${{ vars[ctx.stage] }}'}}]}}\n",
      ),
    ],
    expected: [],
  },
  {
    title: 'a variable given to a task that has another',
    yaml: [
      stage('      - task: {name: t}\n        vars: [{name: tga, value: x}, {name: tag, value: x}]\n'),
      task("  vars: [{name: tag}]\n  steps: [{uses: plain, config: {k: '${{ vars.tag }}'}}]\n"),
    ],
    expected: ['10:23 task "t" does not use the variable "tga", did you mean "tag"?'],
  },
  {
    title: 'a variable that is set nowhere',
    yaml: [
      stage(
        "      - uses: plain\n        config: {k: 'v${{ vars.iamge }}', l: '${{ vars.other }}'}\n",
        vars("name: image, value: '${{ ctx.stage }}'"),
      ),
    ],
    expected: [
      '6:17 variable "image" is never used: remove it, or read it as ${{ vars.image }}',
      '11:32 no variable "iamge" is set here, did you mean "image"?',
      '11:56 no variable "other" is set here: set it under "vars", or for one promotion with --var',
    ],
  },
  {
    title: 'a variable by its bare name',
    yaml: [
      stage(
        "      - uses: plain\n        config: {k: '${{ chartRepo }}'}\n",
        vars('name: chartRepo, value: x'),
      ),
    ],
    expected: ['11:26 write vars.chartRepo: by its bare name Kargo does not find a variable'],
  },
  {
    title: 'outputs of steps that do not exist or run later',
    yaml: [
      stage(
        "      - uses: git-push\n        as: push\n        config: {k: '${{ outputs.push.x }}', l: '${{ outputs.last.x }}'}\n      - uses: plain\n        as: last\n        config: {k: '${{ outputs[\"psuh\"].x }}'}\n",
      ),
    ],
    expected: [
      '11:34 outputs.push is always empty here: that step does not run before this one',
      '11:62 outputs.last is always empty here: that step does not run before this one',
      '14:35 outputs.psuh is always empty here: no step has that alias, did you mean "push"?',
    ],
  },
  {
    title: 'outputs inside a task',
    yaml: [
      task(
        "  steps:\n  - {uses: git-push, as: push}\n  - {uses: plain, config: {k: '${{ task.outputs.push.x }}', l: '${{ task.outputs.posh.x }}'}}\n",
      ),
    ],
    expected: ['8:82 task.outputs.posh is always empty here: no step has that alias, did you mean "push"?'],
  },
  {
    title: 'an alias that is never read and no label',
    yaml: [
      stage('      - {uses: plain, as: release}\n      - {uses: git-push, as: push-it}\n'),
      task('  steps: [{uses: plain, as: notes}]\n'),
    ],
    expected: [
      '9:27 alias "release" is never read: no expression uses outputs.release',
      '17:29 alias "notes" is never read: no expression uses task.outputs.notes',
    ],
  },
  {
    title: 'no alias that something reads, in whatever way',
    yaml: [
      stage(
        "      - {uses: plain, as: a}\n      - {uses: plain, as: b}\n      - {uses: plain, as: c}\n      - {task: {name: t}, as: x}\n      - {uses: plain, config: {k: '${{ outputs.a.x }}', messageFromSteps: [b], l: \"${{ status('c') + outputs['x::inner'].y }}\"}}\n",
      ),
      task('  steps: [{uses: plain, as: inner}]\n'),
    ],
    expected: [],
  },
  {
    title: 'steps behind a fail',
    yaml: [
      stage(
        '      - {uses: fail, as: stop}\n      - {uses: plain, if: "${{ always() }}"}\n      - uses: plain\n      - uses: plain\n',
      ),
    ],
    expected: [
      '9:26 alias "stop" is never read: no expression uses outputs.stop',
      '11:9 step "step-3" and 1 more will never run: step "stop" before it always fails; give the fail step an "if"',
    ],
  },
  {
    title: 'steps behind a fail in a task, once',
    yaml: [
      stage('      - task: {name: t}\n      - uses: plain\n'),
      task('  steps: [{uses: fail}, {uses: plain}]\n'),
    ],
    expected: [
      '10:9 step "step-2" will never run: step "task-1::step-1" before it always fails; give the fail step an "if"',
      '17:25 step "step-2" will never run: step "step-1" before it always fails; give the fail step an "if"',
    ],
  },
  {
    title: 'no step behind a fail with a condition or a pardon',
    yaml: [
      stage(
        '      - {uses: fail, if: "${{ failure() }}"}\n      - {uses: fail, continueOnError: true}\n      - uses: plain\n',
      ),
    ],
    expected: [],
  },
  {
    title: 'line breaks in a tag, a branch and a path',
    yaml: [
      stage(
        '      - uses: plain\n        config:\n          tag: ${{ vars.release }}\n          targetBranch: |\n            a-\n            ${{ ctx.stage }}\n          path: >-\n            ./${{\n            ctx.stage }}\n          other: |\n            a\n            b\n',
        '  vars:\n  - {name: release, value: "a-\\nb"}\n  - {name: releaseTag, value: "${{ vars.release }}\\n\\nb"}\n  - {name: inPath, value: "x\\n"}\n',
      ),
    ],
    expected: [
      '7:28 release, read as tag, has line breaks inside: write it on one line',
      '8:12 variable "releaseTag" is never used: remove it, or read it as ${{ vars.releaseTag }}',
      '8:31 releaseTag has line breaks inside: write it on one line',
      '9:12 variable "inPath" is never used: remove it, or read it as ${{ vars.inPath }}',
      '16:25 targetBranch has line breaks inside: write it on one line',
    ],
  },
  {
    title: 'text of others in a script, also through a variable',
    yaml: [
      stage(
        '      - uses: plain\n        config:\n          script: |\n            echo "${{ vars.note }}"\n            echo ${{ commitFrom("a").Author }}\n          env: {NOTE: "${{ vars.note }}"}\n      - uses: plain\n        config: {script: "${{ imageFrom(\'a\').Tag }}", other: "${{ freightMetadata(\'a\') }}"}\n',
        vars(
          'name: what, value: "${{ commitFrom(\'a\').Message }}"',
          'name: note, value: "${{ vars.what }}"',
        ),
      ),
    ],
    expected: [
      '12:19 script takes the author of a commit into its text, so what somebody wrote there is run: hand it over as a variable in env, and write "$NAME" here',
      '12:19 script takes a commit message into its text, so what somebody wrote there is run: hand it over as a variable in env, and write "$NAME" here',
    ],
  },
  {
    title: 'nothing in a list that has holes',
    yaml: [stage('      - {uses: plain, as: release, cofnig: {}}\n', vars('name: a, value: x'))],
    expected: ['d.yaml:10:36: unknown field "cofnig", did you mean "config"?'],
  },
];

describe('lint of definitions', () => {
  for (const { title, yaml, expected } of cases)
    it(`finds ${title}`, () => assert.deepEqual(lint(...yaml), expected));
});

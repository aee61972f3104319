import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gitClone } from '../../../src/activities/steps/git-clone.ts';
import { gitCommit } from '../../../src/activities/steps/git-commit.ts';
import { RebuildDiverged } from '../../../src/core/errors.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { createTestRepository, runGit } from '../../support/git-repository.ts';
import { createStepRig, type StepRig, type StepWorldOptions } from '../../support/step-world.ts';

describe('git-commit', () => {
  let rig: StepRig;
  let origin: string;

  beforeEach(async () => {
    rig = createStepRig();
    const commits = [{ id: 'c1', branch: 'main', files: { a: '1\n' }, message: 'one' }];
    ({ url: origin } = createTestRepository(join(rig.folder, 'origin'), { commits }));
    await cloneAgain();
  });
  afterEach(() => rig.remove());

  const cloneAgain = () =>
    rig.run(gitClone, { repoURL: origin, checkout: [{ path: 'src', branch: 'main' }] });
  const change = (text: string) => writeFileSync(join(rig.root, 'src/a'), text);
  const log = (format: string) => runGit(join(rig.root, 'src'), ['log', '-1', `--format=${format}`]);
  const commit = (config: JsonObject, options?: StepWorldOptions) =>
    rig.run(gitCommit, { path: 'src', ...config }, options);

  it('gives the same commit for the same work, at the time the step began', async () => {
    change('2\n');
    const { output } = await commit({ message: 'two' });
    assert.equal(log('%aI %cI'), '2026-03-01T12:00:00+00:00 2026-03-01T12:00:00+00:00');
    runGit(join(rig.root, 'src'), ['reset', '--quiet', 'HEAD^']);
    assert.deepEqual((await commit({ message: 'two' })).output, output);
  });

  it('knows its own commit again after a crash, and does not call it skipped', async () => {
    change('2\n');
    const message = '  two\n\n\n\nbody  \r\n\n';
    const first = await commit({ message });
    assert.deepEqual(await commit({ message }), first);
    assert.equal(first.status, undefined);
    const other = await commit({ message }, { startedAt: new Date('2026-03-01T12:00:01Z') });
    assert.deepEqual([other.status, other.output], ['Skipped', first.output]);
  });

  describe('made again after its files were lost', () => {
    const again = async (text: string, trace: string | undefined) => {
      rig.loseWorkspace();
      await cloneAgain();
      change(text);
      return commit({ message: 'two' }, { ...(trace !== undefined && { trace }) });
    };

    it('gives the same commit', async () => {
      change('2\n');
      const first = await commit({ message: 'two' });
      assert.deepEqual(await again('2\n', first.trace), first);
    });

    it('refuses other files, naming both trees', async () => {
      change('2\n');
      const { trace } = await commit({ message: 'two' });
      const tree = log('%T');
      await assert.rejects(again('3\n', trace), (error) => {
        assert.ok(error instanceof RebuildDiverged);
        assert.ok(error.message.includes(`committed tree ${tree}, now ${log('%T')}. `), error.message);
        return true;
      });
      await assert.rejects(again('1\n', trace), /committed tree .*, now nothing\. /);
    });

    it('takes other files where nobody asks, and on top of what others pushed', async () => {
      change('2\n');
      const { trace } = await commit({ message: 'two' });
      assert.equal((await again('3\n', undefined)).status, undefined);
      change('4\n');
      assert.equal((await commit({ message: 'three' }, { trace: trace! })).status, undefined);
    });
  });

  it('does not take the commit it started from for its own, however alike', async () => {
    const { url } = createTestRepository(join(rig.folder, 'alike'), {
      commits: [
        {
          id: 'c1',
          branch: 'main',
          files: { a: '1\n' },
          message: 'two',
          author: 'Kargo <no-reply@kargo.io>',
        },
      ],
    });
    await rig.run(
      gitClone,
      { repoURL: url, checkout: [{ path: 'alike', branch: 'main' }] },
      { alias: 'other' },
    );
    const startedAt = new Date('2023-11-14T22:14:20.500Z');
    const { status } = await commit({ path: 'alike', message: 'two' }, { startedAt });
    assert.equal(status, 'Skipped');
  });

  it('takes no other checkout of the promotion that lies in the work tree', async () => {
    const config = { repoURL: join(rig.folder, 'origin'), checkout: [{ path: 'src/out', commit: 'main' }] };
    await rig.run(gitClone, config, { alias: 'other' });
    assert.equal((await commit({ message: 'nothing' })).status, 'Skipped');
    change('2\n');
    writeFileSync(join(rig.root, 'src/out/a'), 'theirs\n');
    await commit({ message: 'two' });
    assert.equal(runGit(join(rig.root, 'src'), ['ls-tree', '--name-only', 'HEAD']), 'a');
    await commit({ path: 'src/out', message: 'inner' });
    assert.equal(runGit(join(rig.root, 'src/out'), ['log', '-1', '--format=%s']), 'inner');
  });

  const said = [
    { alias: 'task::set', value: 'A' },
    { alias: 'build', value: 'B\nmore' },
  ];
  const messages: readonly (readonly [string, JsonObject, StepWorldOptions, string])[] = [
    ['no step says anything', {}, {}, 'Kargo made some changes'],
    ['one says something', {}, { reads: { commitMessage: said.slice(0, 1) } }, 'A'],
    ['all say something', {}, { reads: { commitMessage: said } }, combined('A', 'B\nmore')],
    ['steps are named', { messageFromSteps: ['build'] }, { reads: { commitMessage: said } }, 'B\nmore'],
    [
      'steps of the same task are named',
      { messageFromSteps: ['build', 'set', 'silent'] },
      { alias: 'task::commit', reads: { commitMessage: said } },
      combined('B\nmore', 'A'),
    ],
  ];
  for (const [when, config, options, expected] of messages) {
    it(`makes up the message when ${when}`, async () => {
      change('2\n');
      await commit(config, options);
      assert.equal(log('%B').trimEnd(), expected);
    });
  }

  it('refuses a commitMessage that is no text', async () => {
    change('2\n');
    const reads = { commitMessage: [{ alias: 'odd', value: { a: 1 } }] };
    await assert.rejects(commit({ messageFromSteps: ['odd'] }, { reads }), {
      name: 'TerminalError',
      message: /commitMessage of step odd is an object/,
    });
  });

  it('refuses message and messageFromSteps together', async () => {
    await assert.rejects(
      commit({ message: 'a', messageFromSteps: ['b'] }),
      /only one of message and messageFromSteps/,
    );
  });

  it('takes the part of the author that is given, also from a list of one', async () => {
    change('2\n');
    await commit({ message: 'm', author: [{ name: 'Eve' }] });
    assert.equal(log('%an <%ae> %cn'), 'Eve <no-reply@kargo.io> Eve');
    change('3\n');
    await commit({ message: 'm', author: { email: 'eve@example.org' } });
    assert.equal(log('%an <%ae>'), 'Kargo <eve@example.org>');
  });
});

function combined(...messages: string[]): string {
  return `Kargo applied multiple changes\n\nIncluding:\n${messages.map((text) => `\n  * ${text}`).join('')}`;
}

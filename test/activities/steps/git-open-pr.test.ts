import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gitOpenPr } from '../../../src/activities/steps/git-open-pr.ts';
import { TerminalError } from '../../../src/core/errors.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { createTestRepository, runGit, type TestRepository } from '../../support/git-repository.ts';
import { MemoryHost } from '../../support/memory-host.ts';
import { createStepRig, type StepRig, type StepWorldOptions } from '../../support/step-world.ts';

describe('git-open-pr', () => {
  let rig: StepRig;
  let origin: TestRepository;
  let host: MemoryHost;

  beforeEach(() => {
    rig = createStepRig();
    host = new MemoryHost();
    const first = { id: 'c1', branch: 'main', files: { a: '1\n', 'deep/b': '1\n' }, message: 'one' };
    const message = 'Promote v2\n\n- a: v2';
    origin = createTestRepository(join(rig.folder, 'origin'), {
      commits: [first, { id: 'p1', branch: 'promo', files: { a: '2\n' }, message, from: 'c1' }],
    });
  });
  afterEach(() => rig.remove());

  const open = (config: JsonObject = {}, options: StepWorldOptions = {}) =>
    rig.run(
      gitOpenPr,
      { repoURL: origin.url, sourceBranch: 'promo', targetBranch: 'main', ...config },
      { gitHosts: host, ...options },
    );

  it('opens a request, and tells its number in both ways', async () => {
    const { status, output, pullRequests } = await open();
    assert.equal(status, undefined);
    const url = 'https://github.com/acme/ops/pull/7';
    assert.deepEqual(output, { pr: { id: 7, url }, prNumber: 7 });
    assert.deepEqual(pullRequests, ['github.com/acme/ops#7']);
    const [{ title, description } = assert.fail()] = host.created;
    assert.deepEqual([title, description], ['Promote v2', '\n- a: v2\n']);
  });

  it('gives labels, people and the draft to the host, and asks it as the config says', async () => {
    const more = { labels: ['promotion'], assignees: ['ada'], reviewers: ['bob'], draft: true };
    await open({ ...more, provider: 'gitea', insecureSkipTLSVerify: true });
    const [{ labels, assignees, reviewers, isDraft } = assert.fail()] = host.created;
    assert.deepEqual({ labels, assignees, reviewers, draft: isDraft }, more);
    assert.deepEqual(host.opened, [{ repoURL: origin.url, provider: 'gitea', skipVerify: true }]);
  });

  it('opens no second one when it is run again', async () => {
    await open();
    const { output } = await open({ title: 'again' });
    assert.equal(output?.['prNumber'], 7);
    assert.deepEqual(host.calls, ['find', 'open', 'find']);
  });

  it('fetches two commits: neither files nor history', async () => {
    await open();
    const [folder = ''] = readdirSync(join(rig.root, '.home/repositories'));
    const all = ['cat-file', '--batch-all-objects', '--batch-check=%(objectname) %(objecttype)'];
    const heads = ['main', 'promo'].map((branch) => `${origin.git('rev-parse', branch)} commit`);
    const fetched = runGit(join(rig.root, '.home/repositories', folder, 'bare'), all).split('\n');
    assert.deepEqual(fetched.sort(), heads.sort());
  });

  it('adopts the one that an attempt opened whose answer was lost', async () => {
    host.after = (call) => {
      if (call === 'open') throw new Error('socket hang up');
    };
    assert.equal((await open()).output?.['prNumber'], 7);
    assert.equal(host.requests.size, 1);
  });

  it('adopts the one that somebody else opened a moment before', async () => {
    host.before = (call) => {
      if (call !== 'open') return;
      host.add();
      throw new TerminalError('A pull request already exists for acme:promo.');
    };
    assert.equal((await open()).output?.['prNumber'], 7);
    assert.equal(host.requests.size, 1);
  });

  it('tells what the host refuses, also when it is open by then', async () => {
    host.after = (call) => {
      if (call === 'open') throw new TerminalError('the label "promotion" does not exist');
    };
    await assert.rejects(open(), (error) => {
      assert.ok(error instanceof TerminalError);
      assert.match(error.message, /label/);
      return true;
    });
  });

  it('tells an error of the host when nothing was opened', async () => {
    host.before = (call) => {
      if (call === 'open') throw new Error('503');
    };
    await assert.rejects(open(), /503/);
  });

  const head = () => origin.git('rev-parse', 'promo');

  for (const [what, request, adopted] of [
    ['an open one', () => ({}), true],
    ['an open draft', () => ({ isDraft: true }), true],
    ['a merged one of the same commit', () => ({ state: 'merged', headCommit: head() }) as const, true],
    [
      'a merged one of an older commit',
      () => ({ state: 'merged', headCommit: '0'.repeat(40) }) as const,
      false,
    ],
    ['a closed one', () => ({ state: 'closed', headCommit: head() }) as const, false],
    ['one to another branch', () => ({ target: 'release' }), false],
  ] as const) {
    it(`${adopted ? 'adopts' : 'does not adopt'} ${what}`, async () => {
      const { number } = host.add(request());
      const { output } = await open();
      assert.equal(output?.['prNumber'] === number, adopted);
      assert.equal(host.created.length, adopted ? 0 : 1);
    });
  }

  it('is Skipped where nothing differs, and says why', async () => {
    origin.add([{ id: 'm', branch: 'main', files: { a: '2\n' }, message: 'the same by other hands' }]);
    const { status, output, message } = await open();
    assert.equal(status, 'Skipped');
    const reason = 'promo has nothing that main has not';
    const commit = origin.git('rev-parse', 'main');
    assert.deepEqual(output, { pr: { id: null, url: null }, prNumber: null, commit, reason });
    assert.equal(message, reason);
    assert.deepEqual(host.created, []);
  });

  it('takes the default branch for the target', async () => {
    await rig.run(gitOpenPr, { repoURL: origin.url, sourceBranch: 'promo' }, { gitHosts: host });
    assert.equal(host.created.at(-1)?.target, 'main');
  });

  describe('the source branch', () => {
    const from = (config: JsonObject, branches: Readonly<Record<string, string>>) =>
      rig.run(
        gitOpenPr,
        { repoURL: origin.url, targetBranch: 'main', ...config },
        {
          gitHosts: host,
          alias: 'task::open',
          reads: { branch: Object.entries(branches).map(([alias, value]) => ({ alias, value })) },
        },
      );

    it('is that of the only push', async () => {
      await from({}, { push: 'promo' });
      assert.equal(host.created[0]?.source, 'promo');
    });

    it('is that of the step that is named, inside the task first', async () => {
      await from({ sourceBranchFromStep: 'push' }, { push: 'main', 'task::push': 'promo', other: 'main' });
      assert.equal(host.created[0]?.source, 'promo');
    });

    for (const [what, config, branches, expected] of [
      ['no push', {}, {}, /sourceBranch: is required: no step before this one pushed/],
      ['several pushes', {}, { a: 'x', b: 'y' }, /sourceBranch: is required: a and b pushed/],
      [
        'a step without branch',
        { sourceBranchFromStep: 'x' },
        {},
        /sourceBranchFromStep: step "x" has no output/,
      ],
    ] as const) {
      it(`is asked for where there is ${what}`, async () => {
        await assert.rejects(from(config, branches), (error) => {
          assert.ok(error instanceof TerminalError);
          assert.match(error.message, expected);
          return true;
        });
      });
    }
  });

  it('names a branch that is missing, and what to do', async () => {
    await assert.rejects(open({ sourceBranch: 'nope' }), /source branch "nope" does not exist in .*push it/);
    await assert.rejects(
      open({ targetBranch: 'nope' }),
      /target branch "nope" does not exist in .*createTargetBranch: true/,
    );
  });

  describe('with createTargetBranch', () => {
    const create = (options?: StepWorldOptions) =>
      open({ targetBranch: 'stage/new', createTargetBranch: true }, options);

    it('begins the target without history, and puts the source on top of it', async () => {
      const tree = origin.git('rev-parse', 'promo^{tree}');
      const { output } = await create();
      assert.equal(output?.['prNumber'], 7);
      assert.equal(origin.git('rev-list', '--count', 'stage/new'), '1');
      assert.equal(origin.git('ls-tree', 'stage/new'), '');
      assert.equal(origin.git('merge-base', 'promo', 'stage/new'), origin.git('rev-parse', 'stage/new'));
      assert.equal(origin.git('rev-parse', 'promo^{tree}'), tree);
      const log = origin.git('log', '--format=%s|%an|%at', 'promo').split('\n');
      assert.deepEqual(
        log.map((line) => line.split('|')[0]),
        ['Promote v2', 'one', 'Initial commit'],
      );
      assert.match(log[0]!, /\|Ada Author\|1700000/);
      assert.equal(host.created[0]?.title, 'Promote v2');
    });

    it('does it once: another attempt finds all of it done', async () => {
      await create();
      const promo = head();
      host.requests.clear();
      await create();
      assert.equal(head(), promo);
    });

    it('finishes what an attempt left half done', async () => {
      const tree = origin.git('hash-object', '-w', '-t', 'tree', '/dev/null');
      const begun = origin.git('commit-tree', '-m', 'Initial commit', tree);
      origin.git('update-ref', 'refs/heads/stage/new', begun);
      await create();
      assert.equal(origin.git('merge-base', 'promo', 'stage/new'), begun);
      assert.equal(host.created.length, 1);
    });

    it('leaves a target alone that is there', async () => {
      const before = head();
      await open({ createTargetBranch: true });
      assert.equal(head(), before);
    });

    it('does not overwrite what was pushed to the source meanwhile, and says so', async () => {
      const hook = createTestRepository(join(rig.folder, 'hooked'), {
        commits: [{ id: 'c', branch: 'promo', files: { a: '1\n' }, message: 'one' }],
        hook: '#!/bin/sh\ncase "$1" in refs/heads/promo) echo no >&2; exit 1;; esac\n',
      });
      await assert.rejects(
        open({ repoURL: hook.url, targetBranch: 'stage/new', createTargetBranch: true }),
        /promo of .* cannot be put on top of the new target branch: .*begin it from the target branch/s,
      );
      assert.deepEqual(host.created, []);
    });

    it('does not make a long history anew', async () => {
      const commits = Array.from({ length: 101 }, (_, index) => ({
        id: `n${index}`,
        branch: 'long',
        files: { n: String(index) },
        message: `number ${index}`,
        ...(index === 0 && { from: 'none' }),
      }));
      origin.add(commits);
      await assert.rejects(
        open({ sourceBranch: 'long', targetBranch: 'stage/new', createTargetBranch: true }),
        /long of .* has a history of its own of 101 commits/,
      );
    });
  });
});

/** What every Git host promises: `describeGitHost` runs it against one of them, behind a proxy that breaks things. */
import assert from 'node:assert/strict';
import { TerminalError } from '../../../src/core/errors.ts';
import type { Credentials } from '../../../src/providers/credentials/credentials.ts';
import type { WebHost } from '../../../src/providers/git/commit-url.ts';
import {
  HostBusy,
  mergeMethods,
  type HostedRepository,
  type MergeEnd,
  type NewPullRequest,
  type PullRequest,
} from '../../../src/providers/git-hosts/git-host.ts';
import { createGitHosts } from '../../../src/providers/git-hosts/git-hosts.ts';
import type { HostPattern } from '../../../src/providers/git-hosts/host-pattern.ts';
import { HostMemory } from '../../../src/providers/git-hosts/host-memory.ts';
import { createHttp } from '../../../src/providers/http/http.ts';
import { openFaultyProxy, type FaultyProxy } from '../../support/faulty-proxy.ts';

/** A host with one repository whose branch `main` has one commit. Made once for all tests of a host. */
export interface HostRig {
  /** Where the host really listens, without a slash at its end. */
  readonly url: string;
  /** Path of the repository as in its Git address: `acme/ops.git`. */
  readonly path: string;
  /** May do everything. */
  readonly credentials: Credentials;
  /** May read, and lacks what writing needs; undefined where the host knows no such thing. */
  readonly weakCredentials?: Credentials;
  /** Puts a commit with these files on a branch, made from `main` when it is new; returns the commit. */
  commit(branch: string, files: Readonly<Record<string, string>>): Promise<string>;
  /** What a user does on the web page. */
  closeRequest(number: number): Promise<void>;
  /** Names of the labels of a request; undefined where the host has none. */
  readLabels?(number: number): Promise<readonly string[]>;
  /** Its webhooks, with their secrets where they can be seen; undefined where none can be set. */
  readWebhooks?(): Promise<readonly { readonly url: string; readonly secret?: string }[]>;
  /** Calls the repository by another name from now on; the old one leads to the new. Called last. */
  rename(): Promise<void>;
  close(): Promise<void>;
}

/** In what hosts differ. */
export interface HostTraits {
  readonly kind: WebHost;
  readonly open: () => Promise<HostRig>;
  /** What becomes of a request that conflicts; default refused. */
  readonly conflict?: 'waiting' | 'refused';
  /** What the error names that a weak token gets. */
  readonly missingScope?: RegExp;
  /** How merging sends itself, as `METHOD /path`. */
  readonly mergeCall: RegExp;
  readonly openCall: RegExp;
  /** Of `mergeMethods`, those that the rig can do. */
  readonly methods?: readonly string[];
  /** Labels that nobody has made: made on the fly (default), or the whole request is refused with words that fit. */
  readonly newLabels?: 'made' | RegExp;
  /** More requests than one page of the list holds; default 7. */
  readonly pageful?: number;
  /** How the project and the operator name a host that is not called by its address; default `<address>/<path>`. */
  readonly address?: (url: string) => { readonly repoURL: string; readonly patterns: readonly HostPattern[] };
  /** Set where renamed repositories lead nowhere. */
  readonly isRenamedLost?: true;
}

/** Runs the contract against a host. */
export function describeGitHost(title: string, traits: HostTraits): void {
  describe(`${title} keeps the contract of Git hosts:`, function () {
    this.timeout(60_000);
    let rig: HostRig;
    let proxy: FaultyProxy;
    let count = 0;

    before(async () => {
      rig = await traits.open();
      proxy = await openFaultyProxy(rig.url);
    });

    after(async () => {
      await proxy?.close();
      await rig?.close();
    });

    beforeEach(() => {
      proxy.seen.length = 0;
      proxy.headers.length = 0;
    });

    async function open(
      credentials: Credentials | undefined = rig.credentials,
      patience = 3_000,
      memory = new HostMemory(),
    ): Promise<HostedRepository> {
      const { signal } = new AbortController();
      const { repoURL = `${proxy.url}/${rig.path}`, patterns = [] } = traits.address?.(proxy.url) ?? {};
      const hosts = createGitHosts({
        http: createHttp({ policy: { allow: ['loopback'] }, signal }),
        policy: { patterns },
        findCredentials: async () => credentials,
        memory,
        signal,
        patience,
      });
      return hosts.open(repoURL, { provider: traits.kind });
    }

    /** A branch with a change of its own, and what opens a request for it. */
    async function branch(files: Readonly<Record<string, string>> = {}): Promise<NewPullRequest> {
      const source = `change/${(count += 1)}`;
      await rig.commit(source, { [`file-${count}.txt`]: `${count}\n`, ...files });
      return { source, target: 'main', title: `Change ${count}`, description: 'What and why\n\n- one\n' };
    }

    async function openNew(extra: Partial<NewPullRequest> = {}): Promise<PullRequest> {
      return (await open()).openPullRequest({ ...(await branch()), ...extra });
    }

    /** As a step with `wait` does. */
    async function mergeWhenReady(number: number, method?: string): Promise<MergeEnd> {
      const repository = await open();
      for (let look = 0; ; look += 1) {
        const end = await repository.mergePullRequest(number, method === undefined ? {} : { method });
        if (end.kind !== 'waiting' || look === 20) return end;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }

    async function failure(promise: Promise<unknown>): Promise<Error> {
      const error: unknown = await promise.then(
        () => new Error('nothing was refused'),
        (reason: unknown) => reason,
      );
      assert.ok(error instanceof Error);
      assert.doesNotMatch(error.message, /nothing was refused/);
      for (const secret of [rig.credentials.password!, 'wrong-token'])
        assert.ok(!error.message.includes(secret), `the message holds a secret: ${error.message}`);
      return error;
    }

    function countOf(pattern: RegExp): number {
      return proxy.seen.filter((line) => pattern.test(line)).length;
    }

    describe('a pull request', () => {
      it('is opened, found by its branches, and read', async () => {
        const repository = await open();
        const request = await branch();
        assert.deepEqual(await repository.findPullRequests(request), []);
        const opened = await repository.openPullRequest(request);
        const { source, target } = request;
        assert.equal(opened.state, 'open');
        assert.deepEqual([opened.source, opened.target], [source, target]);
        assert.equal(opened.isDraft, false);
        assert.match(opened.url, /^https?:\/\/.*\d+/);
        assert.match(opened.headCommit ?? '', /^[0-9a-f]{12,40}$/);
        assert.ok(!Number.isNaN(Date.parse(opened.createdAt)), opened.createdAt);
        const numbers = (await repository.findPullRequests(request)).map(({ number }) => number);
        assert.deepEqual(numbers, [opened.number]);
        assert.deepEqual(await repository.findPullRequests({ source, target: 'other' }), []);
        assert.equal((await repository.readPullRequest(opened.number))?.source, source);
      });

      it('has one name and one kind, however its repository is written', async () => {
        const { name, kind } = await open();
        assert.equal(kind, traits.kind);
        assert.equal(name, name.toLowerCase());
        assert.doesNotMatch(name, /\.git$|:\/\/|@/);
      });

      it('is not opened twice', async () => {
        const repository = await open();
        const request = await branch();
        const first = await repository.openPullRequest(request);
        const second = await repository.openPullRequest(request);
        assert.equal(second.number, first.number);
      });

      it('that does not exist is undefined', async () => {
        assert.equal(await (await open()).readPullRequest(987_654), undefined);
      });

      it('may be a draft, which waits', async () => {
        const { number, isDraft } = await openNew({ isDraft: true });
        assert.equal(isDraft, true);
        assert.equal((await (await open()).readPullRequest(number))?.isDraft, true);
        const end = await (await open()).mergePullRequest(number);
        assert.equal(end.kind, 'waiting', JSON.stringify(end));
      });

      it('gets labels, those that nobody has made as the host allows', async () => {
        const { newLabels = 'made' } = traits;
        const labels = ['promotion', 'test env'];
        if (newLabels instanceof RegExp) {
          const error = await failure(openNew({ labels }));
          assert.match(error.message, newLabels);
          return;
        }
        const { number } = await openNew({ labels });
        assert.deepEqual([...(await rig.readLabels!(number))].toSorted(), labels);
        const again = await openNew({ labels: ['promotion'] });
        assert.deepEqual(await rig.readLabels!(again.number), ['promotion']);
      });

      it('is among the open ones, page by page', async () => {
        const numbers: number[] = [];
        for (let i = 0; i < (traits.pageful ?? 7); i += 1) numbers.push((await openNew()).number);
        const repository = await open();
        proxy.seen.length = 0;
        const listed = (await repository.listOpenPullRequests()).map(({ number }) => number);
        assert.deepEqual(
          numbers.filter((number) => !listed.includes(number)),
          [],
        );
        assert.ok(proxy.seen.length > 1, 'the list should have several pages');
        assert.equal(new Set(listed).size, listed.length, 'a request stands there twice');
      });

      it('that was closed says so and cannot be merged', async () => {
        const { number } = await openNew();
        await rig.closeRequest(number);
        const repository = await open();
        assert.equal((await repository.readPullRequest(number))?.state, 'closed');
        const end = await repository.mergePullRequest(number);
        assert.equal(end.kind, 'refused', JSON.stringify(end));
        assert.ok(!(await repository.listOpenPullRequests()).some((request) => request.number === number));
      });

      it('of a branch that is not there is refused', async () => {
        const request = { source: 'nowhere', target: 'main', title: 'x', description: '' };
        const error = await failure((await open()).openPullRequest(request));
        assert.ok(error instanceof TerminalError, error.message);
        assert.match(error.message, /nowhere/);
      });
    });

    describe('merging', () => {
      for (const method of [undefined, ...(traits.methods ?? mergeMethods[traits.kind])]) {
        it(`by ${method ?? 'what the repository prefers'}`, async () => {
          const { number } = await openNew();
          const end = await mergeWhenReady(number, method);
          assert.equal(end.kind, 'merged', JSON.stringify(end));
          const after = await (await open()).readPullRequest(number);
          assert.equal(after?.state, 'merged');
          assert.match(after?.mergeCommit ?? '', /^[0-9a-f]{12,40}$/);
          if (end.kind === 'merged' && end.commit) assert.equal(end.commit, after?.mergeCommit);
        });
      }

      it('what is merged already is well', async () => {
        const { number } = await openNew();
        await mergeWhenReady(number);
        proxy.seen.length = 0;
        assert.equal((await (await open()).mergePullRequest(number)).kind, 'merged');
        assert.equal(countOf(traits.mergeCall), 0);
      });

      it('by a method that does not exist is refused and names those that do', async () => {
        const { number } = await openNew();
        const end = await (await open()).mergePullRequest(number, { method: 'bogus' });
        assert.equal(end.kind, 'refused');
        if (end.kind === 'refused')
          assert.match(end.reason, new RegExp(mergeMethods[traits.kind].join('.*')));
      });

      it('a conflict is not tried for ever and says what it is', async () => {
        const file = { 'README.md': `one ${count}\n` };
        const request = await branch(file);
        const repository = await open();
        const { number } = await repository.openPullRequest(request);
        await rig.commit('main', { 'README.md': `other ${count}\n` });
        let end = await repository.mergePullRequest(number);
        for (let i = 0; i < 20 && end.kind === 'waiting' && !/conflict/.test(end.reason); i += 1) {
          await new Promise((resolve) => setTimeout(resolve, 200));
          end = await repository.mergePullRequest(number);
        }
        assert.equal(end.kind, traits.conflict ?? 'refused', JSON.stringify(end));
        assert.match('reason' in end ? end.reason : '', /conflict/i);
      });

      it('a head that moved on is refused', async () => {
        const request = await branch();
        const repository = await open();
        const { number, headCommit } = await repository.openPullRequest(request);
        assert.ok(headCommit);
        await rig.commit(request.source, { 'late.txt': 'late\n' });
        let end: MergeEnd = { kind: 'waiting', reason: '' };
        for (let i = 0; i < 20 && end.kind === 'waiting'; i += 1)
          end = await repository.mergePullRequest(number, { headCommit });
        assert.equal(end.kind, 'refused', JSON.stringify(end));
      });
    });

    describe('commit statuses', () => {
      it('are written and read, the newest of each context', async () => {
        const commit = await rig.commit(`change/status-${(count += 1)}`, { 'status.txt': `${count}\n` });
        const repository = await open();
        assert.deepEqual(await repository.readCommitStatuses(commit), []);
        const mine = { commit, context: 'gantry/demo/test', url: 'https://gantry.example/demo' };
        const written = { ...mine, state: 'pending', description: 'waiting' } as const;
        await repository.writeCommitStatus(written);
        assert.deepEqual(await repository.readCommitStatuses(commit), [written]);
        const next = { ...mine, state: 'success', description: 'promoted' } as const;
        await repository.writeCommitStatus(next);
        const other = { commit, context: 'gantry/demo/prod', state: 'failure' } as const;
        await repository.writeCommitStatus(other);
        const found = await repository.readCommitStatuses(commit);
        assert.deepEqual(found.map(({ context, state }) => `${context}: ${state}`).toSorted(), [
          'gantry/demo/prod: failure',
          'gantry/demo/test: success',
        ]);
      });
    });

    describe('a webhook', () => {
      const url = 'https://gantry.example/webhooks';

      it('is set once for an address, and gets the newest secret', async () => {
        const { webhooks } = await open();
        assert.equal(webhooks === undefined, rig.readWebhooks === undefined);
        if (!webhooks || !rig.readWebhooks) return;
        assert.equal(await webhooks.setWebhook({ url: `${url}/other`, secret: 'other' }), 'created');
        assert.equal(await webhooks.setWebhook({ url, secret: 'first' }), 'created');
        assert.equal(await webhooks.setWebhook({ url, secret: 'second' }), 'updated');
        const found = await rig.readWebhooks();
        assert.deepEqual(found.map((hook) => hook.url).toSorted(), [url, `${url}/other`]);
        const { secret } = found.find((hook) => hook.url === url)!;
        if (secret !== undefined) assert.equal(secret, 'second');
      });

      it('that a token may not set is refused and names the scope', async () => {
        const { webhooks } = await open(rig.weakCredentials);
        if (!webhooks) return;
        const error = await failure(webhooks.setWebhook({ url, secret: 'of-a-weak-token' }));
        assert.ok(error instanceof TerminalError, error.message);
        assert.match(error.message, traits.missingScope!);
        assert.doesNotMatch(error.message, /of-a-weak-token/);
      });
    });

    describe('what is refused for good', () => {
      it('a wrong token', async () => {
        const wrong = { ...rig.credentials, password: 'wrong-token' };
        const error = await failure((await open(wrong)).listOpenPullRequests());
        assert.ok(error instanceof TerminalError, error.message);
        assert.match(error.message, /token.*(wrong|expired)/);
      });

      it('no token says how to give one', async () => {
        const attempt = async () =>
          (await open({})).openPullRequest({ source: 'a', target: 'main', title: 'x', description: '' });
        const error = await failure(attempt());
        assert.ok(error instanceof TerminalError, error.message);
        assert.match(error.message, /token/);
        assert.match(error.message, /Secret/);
      });

      it('a token without the scope names the scope', async function () {
        if (!rig.weakCredentials || !traits.missingScope) return;
        const request = await branch();
        const error = await failure((await open(rig.weakCredentials)).openPullRequest(request));
        assert.ok(error instanceof TerminalError, error.message);
        assert.match(error.message, traits.missingScope);
      });
    });

    describe('a host in trouble', () => {
      it('5xx, then well: a reading request is made again', async () => {
        const { number } = await openNew();
        proxy.break(/^GET/, { status: 502 }, { status: 503 });
        assert.equal((await (await open()).readPullRequest(number))?.number, number);
      });

      it('5xx without end is told, as something that may pass', async () => {
        proxy.break(/^GET/, { status: 503 });
        const error = await failure((await open(rig.credentials, 0)).listOpenPullRequests());
        assert.ok(!(error instanceof TerminalError), error.message);
        assert.match(error.message, /503/);
      });

      it('too many requests: it comes again after the time that the host names', async () => {
        const { number } = await openNew();
        proxy.break(/^GET/, { status: 429, headers: { 'retry-after': '1' } });
        const started = Date.now();
        assert.equal((await (await open()).readPullRequest(number))?.number, number);
        assert.ok(Date.now() - started >= 950, 'came again too early');
      });

      it('too many requests for long: says for how long', async () => {
        proxy.break(/^GET/, { status: 429, headers: { 'retry-after': '600' } });
        const error = await failure((await open()).listOpenPullRequests());
        assert.ok(error instanceof HostBusy, error.message);
        assert.equal(error.retryIn, 600_000);
      });

      it('a connection that is cut: a reading request is made again', async () => {
        const { number } = await openNew();
        proxy.break(/^GET/, 'cut', 'half an answer');
        assert.equal((await (await open()).readPullRequest(number))?.number, number);
      });

      it('a request whose opening was answered by nobody is not opened again, and found', async () => {
        const request = await branch();
        const repository = await open();
        proxy.break(traits.openCall, 'lose the answer');
        const error = await failure(repository.openPullRequest(request));
        assert.ok(!(error instanceof TerminalError), error.message);
        assert.equal(countOf(traits.openCall), 1);
        assert.equal((await repository.findPullRequests(request)).length, 1);
      });

      it('a merge that was answered by nobody is not sent again, and seen', async () => {
        const { number } = await openNew();
        const repository = await open();
        proxy.break(traits.mergeCall, 'lose the answer');
        let end = await repository.mergePullRequest(number);
        for (let i = 0; i < 20 && end.kind === 'waiting'; i += 1)
          end = await repository.mergePullRequest(number);
        assert.equal(end.kind, 'merged', JSON.stringify(end));
      });

      it('a merge that the host breaks off is not sent again by itself', async () => {
        const { number } = await openNew();
        const repository = await open();
        const faults = Array.from({ length: 3 }, () => ({ status: 502 }));
        proxy.break(traits.mergeCall, ...faults);
        const error = await failure(repository.mergePullRequest(number));
        assert.ok(!(error instanceof TerminalError), error.message);
        assert.equal(countOf(traits.mergeCall), 1);
        await failure(repository.mergePullRequest(number));
        await failure(repository.mergePullRequest(number));
      });
    });

    // Last, as nothing has its old name afterwards.
    describe('a repository that was renamed', () => {
      it('is found under its old name', async () => {
        if (traits.isRenamedLost) return;
        const { number } = await openNew();
        await rig.rename();
        const repository = await open();
        assert.equal((await repository.readPullRequest(number))?.number, number);
        assert.equal((await mergeWhenReady(number)).kind, 'merged');
      });
    });
  });
}

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kustomize } from '../../src/tools/declarations/kustomize.ts';
import { currentPlatform } from '../../src/tools/platform.ts';
import { createToolResolver, toolNames, type ToolResolverOptions } from '../../src/tools/tools.ts';
import { openReleaseServer, sha256, tarGz, type ReleaseServer } from '../support/release-server.ts';
import { openSilentServer } from '../support/silent-server.ts';

const program = fileURLToPath(new URL('../support/resolve-kustomize.ts', import.meta.url));
const pin = kustomize.pin;
const archive = kustomize.release!.archive(currentPlatform());
const binary = `#!/bin/sh\necho v${pin}\n`;

describe('The tool resolver', () => {
  let root: string;
  let bin: string;
  let cache: string;
  let env: Record<string, string>;
  let server: ReleaseServer;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'gantry-tools-'));
    bin = join(root, 'bin');
    cache = join(root, 'cache', 'gantry', 'tools');
    env = { PATH: bin, HOME: root, XDG_CACHE_HOME: join(root, 'cache') };
    await mkdir(bin);
    server = await openReleaseServer();
  });

  afterEach(async () => {
    server.close();
    await rm(root, { recursive: true, force: true });
  });

  function resolver(options: Partial<ToolResolverOptions> = {}) {
    return createToolResolver({ env, releases: { kustomize: releaseAt(server.url) }, ...options });
  }

  async function onPath(name: string, script: string): Promise<string> {
    const path = join(bin, name);
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
    return path;
  }

  function publish(files: Record<string, string> = { 'LICENSE': 'free', 'kustomize': binary }): void {
    const bytes = tarGz(files);
    server.files.set(`/${archive}`, bytes);
    server.files.set('/checksums.txt', `${'0'.repeat(64)}  other.tar.gz\n${sha256(bytes)}  ${archive}\n`);
  }

  /** Nothing but remembered sums and complete tools. */
  async function cached(): Promise<string[]> {
    const names = await readdir(cache).catch(() => []);
    return names.filter((name) => name !== 'sums').map((name) => name.replace(/-[0-9a-f]{8}$/, ''));
  }

  describe('on PATH', () => {
    const cases = [
      { tool: 'kustomize', prints: 'v5.8.2', version: '5.8.2' },
      { tool: 'kustomize', prints: 'v5.8.1', version: undefined },
      { tool: 'kustomize', prints: '{Version:kustomize/v4.5.7 GitCommit:56d82a8}', version: undefined },
      { tool: 'helm', prints: 'v3.22.0+g144ca65', version: '3.22.0' },
      { tool: 'helm', prints: 'v3.22', version: undefined },
      { tool: 'temporal', prints: 'temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)', version: '1.5.1' },
      { tool: 'temporal', prints: 'temporal version 1.5.7 (Server 1.29.4, UI 2.42.1)', version: '1.5.7' },
      { tool: 'temporal', prints: 'temporal version 1.6.0 (Server 1.30.0, UI 2.50.0)', version: undefined },
      { tool: 'git', prints: 'git version 2.39.5', version: '2.39.5' },
      { tool: 'git', prints: 'git version 2.50.1 (Apple Git-155)', version: '2.50.1' },
      { tool: 'git', prints: 'git version 3.0.0', version: '3.0.0' },
      { tool: 'git', prints: 'git version 2.38.9', version: undefined },
    ];
    for (const { tool, prints, version } of cases) {
      it(`${version === undefined ? 'refuses' : 'takes'} ${tool} that says "${prints}"`, async () => {
        const path = await onPath(tool, `echo '${prints}'`);
        const found = (await resolver().list()).find(({ name }) => name === tool);
        if (version === undefined) assert.equal(found?.origin, 'missing');
        else assert.deepEqual(found, { name: tool, version, path, origin: 'PATH' });
      });
    }

    it('takes any version in mode "path", with a warning', async () => {
      const path = await onPath('kustomize', 'echo v4.0.0');
      const warnings: string[] = [];
      const tools = resolver({ env: { ...env, GANTRY_TOOLS: 'path' }, onWarning: (text) => warnings.push(text) });
      assert.deepEqual(await tools.resolve('kustomize'), { name: 'kustomize', version: '4.0.0', path, origin: 'PATH' });
      assert.deepEqual(warnings, [`${path} is 4.0.0; Gantry is tested with kustomize ${pin}`]);
    });

    it('makes nothing in mode "path"', async () => {
      publish();
      await assert.rejects(resolver({ mode: 'path' }).resolve('kustomize'), /PATH: there is no kustomize/);
      assert.deepEqual(server.requests, []);
    });

    it('says what is wrong with a binary that does not run', async () => {
      await onPath('git', 'echo no such library >&2; exit 127');
      await assert.rejects(resolver().resolve('git'), /git does not tell its version: no such library/);
    });
  });

  describe('download', () => {
    it('takes the published binary once, then the cached one', async () => {
      publish();
      const progress: string[] = [];
      const made = await resolver({ onProgress: (text) => progress.push(text) }).resolve('kustomize');
      assert.equal(made.origin, 'download');
      assert.equal(made.version, pin);
      assert.equal(await readFile(made.path, 'utf8'), binary);
      assert.match(progress.join('\n'), /downloading kustomize/);
      assert.deepEqual(await resolver().resolve('kustomize'), { ...made, origin: 'cache' });
      assert.equal(server.requests.length, 2);
      assert.equal((await cached()).length, 1);
    });

    const failures: Record<string, { serve: () => void; error: RegExp }> = {
      'nothing there': { serve: () => {}, error: /download: .*404/ },
      'no sum of the archive': {
        serve: () => server.files.set('/checksums.txt', '<html>Please log in</html>'),
        error: /download: .*checksums\.txt has no SHA-256 of kustomize_/,
      },
      'another archive than published': {
        serve: () => {
          publish();
          server.files.set(`/${archive}`, tarGz({ kustomize: 'evil' }));
        },
        error: /has the SHA-256 [0-9a-f]{64}, but [0-9a-f]{64} was published: not used/,
      },
      'a cut transfer': {
        serve: () => {
          publish();
          server.files.set(`/${archive}`, (response) => {
            response.writeHead(200, { 'content-length': 5_000 }).write('half', () => response.destroy());
          });
        },
        error: /download: /,
      },
      'an archive without the binary': {
        serve: () => publish({ 'kustomize/': '', 'bin/kustomize': binary }),
        error: /download: the archive has no file kustomize/,
      },
      'a binary of another version': {
        serve: () => publish({ kustomize: '#!/bin/sh\necho v1.0.0\n' }),
        error: /download: what came is 1\.0\.0, not 5\.8\.2/,
      },
    };
    for (const [title, { serve, error }] of Object.entries(failures)) {
      it(`leaves nothing behind after ${title}`, async () => {
        serve();
        await assert.rejects(resolver().resolve('kustomize'), error);
        assert.deepEqual(await cached(), []);
      });
    }

    it('refuses a release whose published sum has changed, even when it fits', async () => {
      publish();
      const { path } = await resolver().resolve('kustomize');
      await rm(join(path, '..'), { recursive: true });
      publish({ kustomize: `${binary}# changed` });
      await assert.rejects(resolver().resolve('kustomize'), /sum of kustomize_.* was [0-9a-f]{64} and is now/);
      assert.deepEqual(await cached(), []);
    });

    it('prefers a sum published elsewhere to the one beside the archive', async () => {
      publish();
      const release = { ...releaseAt(server.url), published: { [archive]: '1'.repeat(64) } };
      await assert.rejects(resolver({ releases: { kustomize: release } }).resolve('kustomize'), /was published: not used/);
    });

    it('gives up at once when nobody listens, and goes on to build', async () => {
      const url = server.url;
      server.close();
      const tools = resolver({ releases: { kustomize: releaseAt(url) } });
      await assert.rejects(tools.resolve('kustomize'), /download: .*ECONNREFUSED.*\n {2}build: there is no go on PATH/);
    });

    it('gives up within 5 s when the host does not answer', async () => {
      const silent = await openSilentServer();
      const started = Date.now();
      const tools = resolver({ releases: { kustomize: releaseAt(`http://127.0.0.1:${silent.port}`) } });
      await assert.rejects(tools.resolve('kustomize'), /download: .*no answer from 127\.0\.0\.1:\d+ within 5 s/);
      silent.close();
      assert.ok(Date.now() - started < 6_000);
    });
  });

  describe('build', () => {
    /** Stands for go: writes what is built to the place after `-o`, counts its runs, and takes its time. */
    const fakeGo = (seconds: number) => `PATH=/usr/bin:/bin
echo run >> "$HOME/runs"; echo compile/a >&2; echo compile/b >&2; sleep ${seconds}
while [ "$1" != -o ]; do shift; done
printf '#!/bin/sh\\necho v${pin}\\n' > "$2"`;
    const runs = async () => (await readFile(join(root, 'runs'), 'utf8')).trim().split('\n').length;

    it('builds when there is nothing to download, showing progress', async () => {
      await onPath('go', fakeGo(1.2));
      const progress: string[] = [];
      const made = await resolver({ onProgress: (text) => progress.push(text) }).resolve('kustomize');
      assert.equal(made.origin, 'build');
      assert.match(progress.at(-1) ?? '', /building kustomize 5\.8\.2 with Go: 1 s, 2 packages/);
      assert.deepEqual((await cached()).length, 1);
    });

    it('keeps what a tool reads when it runs beside it, free to be removed', async () => {
      const module = join(root, 'module');
      for (const name of ['options', 'public', 'templates']) {
        await mkdir(join(module, name, 'deep'), { recursive: true });
        await writeFile(join(module, name, 'deep', 'file'), name);
        await chmod(join(module, name, 'deep'), 0o555);
        await chmod(join(module, name), 0o555);
      }
      const script = `if [ "$1" = list ]; then echo '${module}'; exit; fi
[ "$CGO_ENABLED" = 1 ] || exit 1
case "$*" in *'-tags sqlite,sqlite_unlock_notify'*) ;; *) exit 1 ;; esac
${fakeGo(0)}`.replace(`echo v${pin}`, 'echo gitea version 1.26.0 built');
      await onPath('go', script);
      const { path } = await resolver().resolve('gitea');
      assert.equal(await readFile(join(path, '../templates/deep/file'), 'utf8'), 'templates');
      await chmod(join(module, 'options'), 0o755);
      await rm(join(path, '..'), { recursive: true });
      for (const name of ['options', 'public', 'templates']) {
        await chmod(join(module, name), 0o755);
        await chmod(join(module, name, 'deep'), 0o755);
      }
    });

    it('leaves nothing behind when the build fails, and tells why', async () => {
      await onPath('go', 'echo "main.go:1: undefined: x" >&2; exit 1');
      await assert.rejects(resolver().resolve('kustomize'), /build: go build failed: main\.go:1: undefined: x/);
      assert.deepEqual(await cached(), []);
    });

    it('stops when aborted, and leaves nothing behind', async () => {
      await onPath('go', 'exec /bin/sleep 30');
      const reason = new Error('enough');
      const started = Date.now();
      await assert.rejects(resolver().resolve('kustomize', abortAfter(300, reason)), reason);
      assert.ok(Date.now() - started < 5_000);
      assert.deepEqual(await cached(), []);
    });

    it('builds once for several processes at the same time', async () => {
      await onPath('go', fakeGo(1));
      const children = [1, 2, 3].map(() => runProgram(env, server.url));
      const tools = await Promise.all(children.map(({ output }) => output));
      assert.equal(await runs(), 1);
      assert.deepEqual(tools.map(({ origin }) => origin).toSorted(), ['build', 'cache', 'cache']);
    });

    it('takes over from a process killed in the middle', async () => {
      await onPath('go', 'exec /bin/sleep 30');
      const { child } = runProgram(env, server.url);
      while ((await cached()).every((name) => !name.includes('.draft-'))) await pause(50);
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('exit', resolve));
      await onPath('go', fakeGo(0));
      assert.equal((await resolver().resolve('kustomize')).origin, 'build');
      assert.deepEqual((await cached()).map((name) => name.split('-')[0]), ['kustomize']);
    });
  });

  it('explains what was tried and what to do when nothing works', async () => {
    await onPath('kustomize', 'echo v4.0.0');
    const error = await resolver()
      .resolve('kustomize')
      .catch((thrown: unknown) => thrown as Error);
    assert.ok(error instanceof Error);
    const lines = error.message.replaceAll(bin, 'BIN').replaceAll(server.url, 'URL').split('\n');
    assert.deepEqual(lines, [
      'kustomize 5.8.2 is needed, and could be neither found nor made:',
      '  PATH: BIN/kustomize is 4.0.0',
      '  download: Request failed with status code 404 (Not Found): GET URL/checksums.txt',
      '  build: there is no go on PATH',
      'Install it so that it is on PATH: https://kubectl.docs.kubernetes.io/installation/kustomize/.',
      'Or install Go (https://go.dev/dl), and Gantry builds it.',
      'With GANTRY_TOOLS=path, Gantry takes the kustomize on PATH whatever its version.',
    ]);
  });

  it('knows its tools and refuses others', async () => {
    assert.deepEqual(toolNames, ['git', 'bash', 'kustomize', 'helm', 'temporal']);
    await assert.rejects(resolver().resolve('kubectl'), /knows no tool "kubectl"; it knows git, bash, kustomize/);
    assert.throws(() => resolver({ env: { GANTRY_TOOLS: 'no' } }), /GANTRY_TOOLS is "no", but must be "auto" or "path"/);
  });
});

function releaseAt(base: string) {
  return { ...kustomize.release!, base };
}

function runProgram(env: Record<string, string>, url: string) {
  const child = spawn(process.execPath, ['--import', 'tsx', program, url], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const output = new Promise<{ origin: string }>((resolve, reject) => {
    child.once('exit', () => {
      try {
        resolve(JSON.parse(text) as { origin: string });
      } catch (error) {
        reject(error);
      }
    });
  });
  // A killed program prints nothing, and nobody asks it to.
  output.catch(() => {});
  return { child, output };
}

function abortAfter(milliseconds: number, reason: Error): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), milliseconds);
  return controller.signal;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../src/client/cli/cli.ts';
import { createScreen } from '../../src/client/cli/screen.ts';
import { hermeticEnvironment, spawnGantry } from '../../test/support/cli.ts';
import { EmulatedTerminal } from '../../test/support/emulated-terminal.ts';
import { createTestRepository } from '../../test/support/git-repository.ts';
import { fencesOf, readPage } from '../../test/support/markdown.ts';

/**
 * A real promotion of the first pipeline, as a terminal shows it: while the repository is not there, and at its end.
 * Takes some seconds; ids, ports and folders are those of nobody's machine.
 */
export async function renderLiveScreens(): Promise<ReadonlyMap<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-live-'));
  const dev = spawnGantry(['dev', '--port', '0'], { cwd: folder, home: folder });
  try {
    await dev.until('stdout', /Gantry is ready/);
    const frames = await promote(folder);
    const underWay = frames.find((frame) => frame.includes('again in'));
    if (underWay === undefined) throw new Error(`nothing was tried again:\n${frames.at(-1)}`);
    const screens = { 'promotion-under-way': underWay, 'promotion-over': frames.at(-1)! };
    return new Map(Object.entries(screens).map(([name, text]) => [name, anonymize(text, folder)]));
  } finally {
    dev.child.kill('SIGTERM');
    await dev.exited;
    rmSync(folder, { recursive: true, maxRetries: 5 });
  }
}

/** Everything the terminal has shown, in order. */
async function promote(folder: string): Promise<readonly string[]> {
  writePipeline(folder);
  const repository = join(folder, 'shop.git');
  const frames: string[] = [];
  const screen = createScreen(watch(new EmulatedTerminal(110, 40), frames));
  const argv = `promote --project shop --stage test --freight freight.yaml --definitions pipelines`;
  const code = await runCli([...argv.split(' '), '--var', `repoURL=file://${repository}`], {
    out: { write: () => true },
    err: {
      ...screen,
      isTTY: true,
      show(lines) {
        screen.show(lines);
        // The Git host is back as soon as somebody has missed it.
        if (frames.at(-1)?.includes('again in') && !existsSync(repository)) createShop(repository);
      },
    },
    env: { ...hermeticEnvironment(folder), NO_COLOR: '1' },
    cwd: folder,
    onStop: () => () => {},
    exit: (status) => process.exit(status),
  });
  if (code !== 0) throw new Error(`the promotion ended with ${code}:\n${frames.at(-1)}`);
  return frames;
}

function watch(terminal: EmulatedTerminal, frames: string[]): EmulatedTerminal {
  const write = terminal.write.bind(terminal);
  terminal.write = (text) => {
    write(text);
    frames.push(terminal.text);
  };
  return terminal;
}

/** The files that the page about a first pipeline ends with. */
function writePipeline(folder: string): void {
  mkdirSync(join(folder, 'pipelines'));
  for (const { marks, text } of fencesOf(readPage('docs/first-pipeline.md')))
    if (marks['file']) writeFileSync(join(folder, marks['file']), text);
}

function createShop(path: string): void {
  const values = '# What the test Stage runs.\nimage:\n  repository: shop/web\n  tag: 1.0.0\n';
  const files = { 'test/values.yaml': values };
  createTestRepository(path, { commits: [{ id: 'first', branch: 'main', message: 'Configuration', files }] });
}

function anonymize(text: string, folder: string): string {
  return text
    .replaceAll(folder, '/home/you/shop')
    .replaceAll(/(test(?:\/|%2F))([0-9a-z]{15,26})/g, (_, before: string, { length }: string) => {
      // Where a line was cut the id is shorter.
      return before + '01k9s3v6m7d8q2w4x5y6z7a8b9'.slice(0, length);
    })
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:8233')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, '01998f3b-3c51-7c9e-8f0a-5a2e1d6b7c40');
}

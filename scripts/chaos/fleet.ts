import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnGantry, type GantryProcess } from '../../test/support/cli.ts';

/** Where workers live and what they are told. */
export interface FleetOptions {
  readonly folder: string;
  readonly address: string;
  readonly capacity: number;
  /** More that its processes are told. */
  readonly flags?: readonly string[];
}

/** One worker, process after process, on a disk of its own. */
export class FleetWorker {
  readonly disk: string;
  /** Whether it is being disturbed now: others leave it alone. */
  isTaken = false;
  /** What its processes wrote, and how those ended that nobody had ended. */
  readonly logs: string[] = [];
  readonly accidents: string[] = [];
  readonly #options: FleetOptions;
  #process: GantryProcess | undefined;

  constructor(number: number, options: FleetOptions) {
    this.disk = join(options.folder, `worker-${number}`);
    mkdirSync(join(this.disk, 'tmp'), { recursive: true });
    shareTools(options.folder);
    this.#options = options;
  }

  get workspaces(): string {
    return join(this.disk, 'workspaces');
  }

  /** Starts a process, again when it does not come up: the server may be away. Resolves when it takes tasks. */
  async start(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const process = this.#spawn();
      try {
        await process.until('stderr', /Worker is ready/);
        return;
      } catch (error) {
        if (attempt === 10) throw error;
        this.logs.push(process.written.stderr);
        await sleep(500);
      }
    }
  }

  /** Resolves when the process has ended. Rejects when it does not end as asked. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const process = this.#process;
    if (!process) return;
    this.#process = undefined;
    process.child.kill(signal);
    const { code, stderr } = await process.exited;
    this.logs.push(stderr);
    if (signal === 'SIGTERM' && code !== 0)
      this.accidents.push(`ended with ${code} after SIGTERM: ${tail(stderr)}`);
  }

  /** Stops the process from doing anything for these milliseconds; it does not notice. */
  async freeze(ms: number): Promise<void> {
    this.#process?.child.kill('SIGSTOP');
    await sleep(ms);
    this.#process?.child.kill('SIGCONT');
  }

  /** Deletes everything on its disk. */
  async wipe(): Promise<void> {
    await rm(this.workspaces, { recursive: true, force: true, maxRetries: 20 });
  }

  /** Writes what all its processes logged into a file of the folder. */
  saveLog(folder: string): void {
    writeFileSync(join(folder, `${basename(this.disk)}.log`), this.logs.join(''));
  }

  /** What promotions have left on its disk. */
  async leftovers(): Promise<readonly string[]> {
    const names = await readdir(this.workspaces).catch(() => []);
    const temporary = await readdir(join(this.disk, 'tmp')).catch(() => []);
    return [
      ...names.filter((name) => !lasting.has(name)),
      // The compiler that runs the sources caches there.
      ...temporary.filter((name) => !name.startsWith('tsx-')).map((name) => `tmp/${name}`),
    ];
  }

  #spawn(): GantryProcess {
    const { address, capacity, flags = [] } = this.#options;
    const options = ['--allow-inline-steps', '--http-allow=loopback', `--capacity=${capacity}`, ...flags];
    const process = spawnGantry(
      ['worker', '--data', this.disk, '--log-format=json', '--log-level=info', ...options],
      {
        cwd: this.disk,
        home: this.disk,
        env: {
          TEMPORAL_ADDRESS: address,
          TMPDIR: join(this.disk, 'tmp'),
          XDG_CACHE_HOME: cacheIn(this.#options.folder),
        },
      },
    );
    this.#process = process;
    void this.#watch(process);
    return process;
  }

  async #watch(process: GantryProcess): Promise<void> {
    const { code, stderr } = await process.exited;
    if (this.#process !== process || !/Worker is ready/.test(stderr)) return;
    this.#process = undefined;
    this.accidents.push(`ended with ${code} by itself: ${tail(stderr)}`);
  }
}

/** A cache of the fleet's own: the workflows are bundled once, whoever else starts workers on the machine. */
function cacheIn(folder: string): string {
  return join(folder, 'cache');
}

function shareTools(folder: string): void {
  const own = join(cacheIn(folder), 'gantry');
  const all = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'gantry/tools');
  mkdirSync(own, { recursive: true });
  if (!existsSync(join(own, 'tools'))) symlinkSync(all, join(own, 'tools'));
}

/** Belongs to the disk, not to a promotion. */
const lasting: ReadonlySet<string> = new Set(['.worker-id', '.definitions', '.mirrors', 'mirrors']);

/** The end of a log, and before it what is no line of the log: why Node itself gave up. */
function tail(text: string): string {
  const lines = text.trimEnd().split('\n');
  const foreign = lines.filter((line) => line.trim() !== '' && !line.startsWith('{')).slice(0, 8);
  return [...foreign, ...lines.slice(-3)].join('\n').slice(0, 2500);
}

// Brings a fresh clone to life. Runs before anything is installed: Node's own modules only.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lockFile = join(root, '.gantry', 'setup.lock');

checkSystem();
if (!isInstalled()) await installLocked();
if (process.argv.includes('--tools')) {
  await run('the tools', process.execPath, ['--import', 'tsx', join(root, 'scripts', 'make-tools.ts')]);
}

function checkSystem() {
  if (process.platform === 'win32') {
    fail(
      'Gantry needs a POSIX system. On Windows, run it inside WSL2: https://learn.microsoft.com/windows/wsl/install',
    );
  }
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(
      `Gantry needs Node 20.19 or newer, this is ${process.versions.node}: https://nodejs.org/en/download`,
    );
  }
}

/** Says whether node_modules holds what the lock file asks for. npm writes its own list last, so a broken run has none. */
function isInstalled() {
  const wanted = readPackages('package-lock.json');
  const present = readPackages(join('node_modules', '.package-lock.json'));
  if (!wanted) fail(`There is no readable package-lock.json in ${root}: the clone is damaged`);
  return Object.entries(wanted).every(([path, { version, integrity, optional, link }]) => {
    if (path === '' || link) return true;
    const found = present?.[path];
    if (!found) return Boolean(optional) && present !== undefined;
    return (
      found.version === version &&
      found.integrity === integrity &&
      existsSync(join(root, path, 'package.json'))
    );
  });
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** One installation at a time; the next one finds the work done. */
async function installLocked() {
  for (let told = false; !takeLock(); told = true) {
    if (!told) console.error('Another set-up is running in this folder; waiting for it.');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  process.once('exit', releaseLock);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));
  if (isInstalled()) return;
  await install();
  if (!isInstalled()) fail('npm ci ended well, but node_modules is not what package-lock.json asks for');
  releaseLock();
}

async function install() {
  // npm itself when it started us: the one on PATH may be another.
  const [npm, ...first] = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const started = Date.now();
  console.error('Installing dependencies (npm ci) ...');
  const ticker = setInterval(() => {
    console.error(`Installing dependencies: ${Math.round((Date.now() - started) / 1000)} s`);
  }, 5_000);
  // The development dependencies run everything from source, also where NODE_ENV says production.
  await run('npm ci', npm, [...first, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  clearInterval(ticker);
  console.error(`Installed dependencies in ${Math.round((Date.now() - started) / 1000)} s.`);
}

/** Standard output stays free for results. */
function run(what, command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
    child.once('error', (error) => fail(`Cannot run ${command}: ${error.message}`));
    child.once('exit', (code, signal) => {
      if (code === 0) resolve(undefined);
      else fail(`Set-up stopped: ${what} ended with ${signal ?? code}`);
    });
  });
}

function takeLock() {
  const draft = `${lockFile}.${randomUUID()}`;
  try {
    mkdirSync(dirname(lockFile), { recursive: true });
    writeFileSync(draft, String(process.pid), { flag: 'wx' });
    // Linked when written, so nobody reads half a lock.
    linkSync(draft, lockFile);
    return true;
  } catch (error) {
    // The one before us may take the empty folder away under our feet.
    if (error.code === 'ENOENT') return false;
    if (error.code !== 'EEXIST') throw error;
    return removeDeadLock() && takeLock();
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Moves a dead process's lock aside, and says whether it did; another's, taken in between, is put back. */
function removeDeadLock() {
  const holder = lockHolder(lockFile);
  if (holder !== undefined && isRunning(holder)) return false;
  const aside = `${lockFile}.${randomUUID()}`;
  try {
    renameSync(lockFile, aside);
    const isDead = lockHolder(aside) === holder;
    if (!isDead) linkSync(aside, lockFile);
    return isDead;
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(aside, { force: true });
  }
}

function lockHolder(file) {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function releaseLock() {
  if (lockHolder(lockFile) !== process.pid) return;
  rmSync(lockFile, { force: true });
  try {
    rmdirSync(dirname(lockFile));
  } catch {
    // Somebody's data is in it.
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

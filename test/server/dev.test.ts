import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { DataFolderInUse, findDev, startDev, type DevInfo, type DevServer } from '../../src/dev/dev.ts';
import { createToolResolver, isRunning, type ProcessId } from '../../src/tools/tools.ts';

const tools = createToolResolver({ env: process.env });
const program = fileURLToPath(new URL('../support/run-dev.ts', import.meta.url));

describe('The embedded Temporal server', function () {
  this.timeout(60_000);
  let data: string;
  const toClose: { close(): unknown }[] = [];

  beforeEach(async () => {
    data = join(await mkdtemp(join(tmpdir(), 'gantry-dev-')), 'data');
  });

  afterEach(async () => {
    for (const thing of toClose.splice(0)) await thing.close();
    await rm(join(data, '..'), { recursive: true, force: true });
  });

  async function start(port = 0, log: string[] = []): Promise<DevServer> {
    const server = await startDev({ data, port, tools, log: (text) => log.push(text) });
    toClose.push(server);
    return server;
  }

  it('answers, keeps closed workflows for 30 days, and tells where it is', async () => {
    const server = await start();
    const connection = await Connection.connect({ address: server.address });
    toClose.push(connection);
    const { config } = await connection.workflowService.describeNamespace({ namespace: server.namespace });
    assert.equal(String(config?.workflowExecutionRetentionTtl?.seconds), String(30 * 24 * 3600));
    assert.equal((await fetch(server.ui)).status, 200);
    const { announceServer: _announce, close: _close, exited: _exited, ...info } = server;
    assert.deepEqual(await findDev(data), info);
    assert.deepEqual(JSON.parse(await readFile(join(data, 'dev.json'), 'utf8')), info);
    assert.match(info.serverVersion, /^1\.\d+\.\d+$/);
  });

  it('keeps each queue in one part, where every poll finds every task', async () => {
    const { address, namespace } = await start();
    const connection = await Connection.connect({ address });
    toClose.push(connection);
    const parts = await connection.workflowService.listTaskQueuePartitions({
      namespace,
      taskQueue: { name: 'gantry' },
    });
    assert.equal(parts.workflowTaskQueuePartitions.length, 1);
    assert.equal(parts.activityTaskQueuePartitions.length, 1);
  });

  it('starts the second time in the same folder under 2.5 s, with everything still there', async () => {
    const first = await start();
    await startWorkflow(first);
    await first.close();
    assert.equal(await findDev(data), undefined);
    const started = Date.now();
    const second = await start();
    const took = Date.now() - started;
    assert.ok(took < 2_500, `took ${took} ms`);
    assert.equal(await workflowStatus(second), 'RUNNING');
  });

  it('leaves nothing running and nothing in the way when closed', async () => {
    const server = await start();
    const process = await serverProcess();
    const started = Date.now();
    await server.close();
    assert.ok(Date.now() - started < 5_000);
    assert.equal(await isRunning(process), false);
    assert.equal(await server.exited, undefined);
    const left = (await readdir(data)).filter((name) => !name.startsWith('temporal.'));
    assert.deepEqual(left, []);
  });

  it('refuses a folder in use, where the running one is found', async () => {
    const server = await start();
    await assert.rejects(start(), DataFolderInUse);
    assert.equal((await findDev(data))?.address, server.address);
  });

  it('takes the next free ports, and says so', async () => {
    const port = await occupy(toClose);
    const log: string[] = [];
    const { address } = await start(port, log);
    assert.notEqual(address, `127.0.0.1:${port}`);
    assert.equal(log[0], `Port ${port} is busy, so the server listens on ${address.split(':')[1]}`);
  });

  it('tells when the server ends by itself, with the end of its log', async () => {
    const server = await start();
    const { pid } = await serverProcess();
    process.kill(pid, 'SIGKILL');
    const error = await server.exited;
    assert.match(error?.message ?? '', /ended by itself \(SIGKILL\); the end of .*temporal\.log/);
    assert.equal(await findDev(data), undefined);
    await start();
  });

  it('rejects with the end of the log when the server cannot start', async () => {
    const broken = await start();
    await broken.close();
    await rm(join(data, 'temporal.db-wal'), { force: true });
    await rm(join(data, 'temporal.db-shm'), { force: true });
    await writeFile(join(data, 'temporal.db'), 'this is no database');
    await assert.rejects(
      start(),
      /The Temporal server did not start: it ended \(exit code 1\)[\s\S]*database/,
    );
    assert.equal(await findDev(data), undefined);
  });

  it('sets the database of another server version aside', async () => {
    const first = await start();
    await startWorkflow(first);
    await first.close();
    await writeFile(join(data, 'temporal.version'), '1.28.0\n');
    const log: string[] = [];
    const second = await start(0, log);
    assert.match(
      log[0] ?? '',
      /The database of server 1\.28\.0 is set aside as .*temporal-1\.28\.0-\d+T\d+\.db/,
    );
    assert.equal(await workflowStatus(second), undefined);
    assert.equal(await readFile(join(data, 'temporal.version'), 'utf8'), `${second.serverVersion}\n`);
  });

  it('ends with its process, also when that is killed', async () => {
    const parent = spawn(process.execPath, ['--import', 'tsx', program, data], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    toClose.push({ close: () => parent.kill('SIGKILL') });
    await new Promise((resolve) => parent.stdout.once('data', resolve));
    const server = await serverProcess();
    const { pid } = (await findDev(data)) as DevInfo;
    assert.equal(pid, parent.pid);
    parent.kill('SIGKILL');
    await until(async () => !(await isRunning(server)), 5_000);
    assert.equal(await findDev(data), undefined);
  });

  it('starts at once while the server of a killed process lingers', async () => {
    const parent = spawn(process.execPath, ['--import', 'tsx', program, data], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => parent.stdout.once('data', resolve));
    const orphan = await serverProcess();
    process.kill(orphan.pid, 'SIGSTOP');
    parent.kill('SIGKILL');
    await new Promise((resolve) => parent.once('exit', resolve));
    assert.ok(await isRunning(orphan));
    await start();
    assert.equal(await isRunning(orphan), false);
  });

  async function serverProcess(): Promise<ProcessId> {
    return JSON.parse(await readFile(join(data, 'server.json'), 'utf8')) as ProcessId;
  }
});

async function startWorkflow({ address }: DevInfo): Promise<void> {
  const connection = await Connection.connect({ address });
  await new Client({ connection }).workflow.start('nobody-serves-it', {
    workflowId: 'kept',
    taskQueue: 'nobody',
  });
  await connection.close();
}

async function workflowStatus({ address }: DevInfo): Promise<string | undefined> {
  const connection = await Connection.connect({ address });
  try {
    return (await new Client({ connection }).workflow.getHandle('kept').describe()).status.name;
  } catch {
    return undefined;
  } finally {
    await connection.close();
  }
}

async function occupy(toClose: { close(): unknown }[]): Promise<number> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  toClose.push(server);
  return (server.address() as { port: number }).port;
}

async function until(look: () => Promise<boolean>, milliseconds: number): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!(await look())) {
    if (Date.now() > end) throw new Error(`not within ${milliseconds} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What `npm start` comes to without Gantry: the same server, a worker of the SDK, one activity. A process of its own. */
import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';

const [temporal = '', database = '', codePath = ''] = process.argv.slice(2);
const port = String(await findPort());
const args = [
  'server',
  'start-dev',
  '--headless',
  '--ip',
  '127.0.0.1',
  '--port',
  port,
  '--db-filename',
  database,
];
const pragmas = ['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=normal'];
const server = spawn(temporal, [...args, ...pragmas], { stdio: 'ignore' });
try {
  const address = `127.0.0.1:${port}`;
  const connection = await Connection.connect({ address, connectTimeout: '60s' });
  // The server listens before its namespace is there.
  while (
    !(await connection.workflowService.describeNamespace({ namespace: 'default' }).catch(() => undefined))
  );
  const native = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection: native,
    taskQueue: 'bare',
    workflowBundle: { codePath },
    activities: { nothing: (input: object) => Promise.resolve(input) },
  });
  const client = new Client({ connection });
  const workflowId = `bare-${process.pid}`;
  await worker.runUntil(client.workflow.execute('bare', { taskQueue: 'bare', workflowId, args: [1] }));
  process.stdout.write('first activity done\n');
  await native.close();
  await connection.close();
} finally {
  server.kill('SIGTERM');
}

function findPort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address() as AddressInfo;
      probe.close(() => resolve(free));
    });
  });
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { findFreePort } from '../../src/dev/ports.ts';
import { createToolResolver } from '../../src/tools/tools.ts';
import { finish, openPostgres, untilOpen, type Postgres } from './postgres.ts';

/** A Temporal server of the kind that clusters run, with everything it knows in PostgreSQL. */
export interface PostgresServer {
  readonly address: string;
  readonly namespace: string;
  /** Kills the server and starts it again at the same address; PostgreSQL stays. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts PostgreSQL, makes the schema and starts the server; its files go into `folder`. `settings`: more of its
 * dynamic configuration. Must be closed.
 */
export async function startPostgresServer(
  folder: string,
  settings: Readonly<Record<string, number>> = {},
): Promise<PostgresServer> {
  const tools = createToolResolver({ env: process.env });
  const program = (await tools.resolve('temporal-server')).path;
  const sqlTool = (await tools.resolve('temporal-sql-tool')).path;
  const postgres = await openPostgres();
  try {
    for (const [name, schema] of Object.entries(schemas)) await makeSchema(sqlTool, postgres, name, schema);
    const ports = await findPorts();
    await writeFile(join(folder, 'dynamic.yaml'), JSON.stringify(dynamicConfig(settings)));
    await writeFile(join(folder, 'server.yaml'), JSON.stringify(configOf(folder, postgres, ports)));
    return await run(program, folder, ports, postgres);
  } catch (error) {
    await postgres.close();
    throw error;
  }
}

const schemas = { temporal: 'temporal', temporal_visibility: 'visibility' } as const;
const namespace = 'default';

async function makeSchema(tool: string, { port }: Postgres, database: string, schema: string): Promise<void> {
  const server = [
    '--plugin',
    'postgres12',
    '--ep',
    '127.0.0.1',
    '-p',
    String(port),
    '-u',
    'temporal',
    '--pw',
    'temporal',
  ];
  for (const command of [
    ['create'],
    ['setup-schema', '-v', '0.0'],
    ['update-schema', '--schema-name', `postgresql/v12/${schema}`],
  ]) {
    await finish(spawn(tool, [...server, '--db', database, ...command], { stdio: 'ignore' }));
  }
}

const services = ['frontend', 'history', 'matching', 'worker'] as const;
type Ports = Readonly<Record<(typeof services)[number], readonly [rpc: number, membership: number]>>;

/** Below those that the system gives to connections, and small: the server's schema has them as signed 16 bits. */
async function findPorts(): Promise<Ports> {
  const taken: number[] = [];
  const next = async () => {
    const port = await findFreePort(20_000 + Math.floor(Math.random() * 10_000), taken);
    taken.push(port);
    return port;
  };
  const pairs: [string, readonly [number, number]][] = [];
  for (const service of services) pairs.push([service, [await next(), await next()]]);
  return Object.fromEntries(pairs) as Ports;
}

/** What makes tests quick, as `gantry dev` has it, and more. JSON is YAML. */
function dynamicConfig(settings: Readonly<Record<string, number>>): object {
  const all = {
    'history.transferProcessorMaxPollRPS': 1000,
    'history.timerProcessorMaxPollRPS': 1000,
    'history.timerProcessorMaxTimeShift': '1ms',
    'system.enableActivityEagerExecution': true,
    'system.forceSearchAttributesCacheRefreshOnRead': true,
    ...settings,
  };
  return Object.fromEntries(Object.entries(all).map(([key, value]) => [key, [{ value }]]));
}

function configOf(folder: string, { port }: Postgres, ports: Ports): object {
  const storeOf = (databaseName: string) => ({
    sql: {
      pluginName: 'postgres12',
      databaseName,
      connectAddr: `127.0.0.1:${port}`,
      connectProtocol: 'tcp',
      user: 'temporal',
      password: 'temporal',
      maxConns: 20,
      maxIdleConns: 20,
    },
  });
  const [frontend] = ports.frontend;
  return {
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'main',
      visibilityStore: 'visibility',
      numHistoryShards: 4,
      datastores: { main: storeOf('temporal'), visibility: storeOf('temporal_visibility') },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: Object.fromEntries(
      services.map((service) => {
        const [grpcPort, membershipPort] = ports[service];
        return [service, { rpc: { grpcPort, membershipPort, bindOnLocalHost: true } }];
      }),
    ),
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: {
          enabled: true,
          initialFailoverVersion: 1,
          rpcName: 'frontend',
          rpcAddress: `127.0.0.1:${frontend}`,
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: join(folder, 'dynamic.yaml'), pollInterval: '10s' },
  };
}

async function run(
  program: string,
  folder: string,
  ports: Ports,
  postgres: Postgres,
): Promise<PostgresServer> {
  const [port] = ports.frontend;
  const address = `127.0.0.1:${port}`;
  let child = await startServer(program, folder, port);
  await makeNamespace(address, folder);
  return {
    address,
    namespace,
    async restart() {
      await end(child, 'SIGKILL');
      child = await startServer(program, folder, port);
      await makeNamespace(address, folder);
    },
    async close() {
      await end(child, 'SIGTERM');
      await postgres.close();
    },
  };
}

async function startServer(program: string, folder: string, port: number): Promise<ChildProcess> {
  const log = await open(join(folder, 'server.log'), 'a');
  const args = ['--config-file', join(folder, 'server.yaml'), '--allow-no-auth', 'start'];
  const child = spawn(program, args, { stdio: ['ignore', log.fd, log.fd] });
  await log.close();
  await untilOpen(port, child).catch(async (error: unknown) => {
    const text = await readFile(join(folder, 'server.log'), 'utf8');
    throw new Error(`The Temporal server did not start:\n${text.slice(-2000)}`, { cause: error });
  });
  return child;
}

/** Makes the namespace, when it is not there, and waits until it can be used: that takes some seconds. */
async function makeNamespace(address: string, folder: string): Promise<void> {
  for (const deadline = Date.now() + readyWithin; ; await sleep(200)) {
    try {
      const connection = await Connection.connect({ address, connectTimeout: 2000 });
      try {
        return await connection.withDeadline(Date.now() + 5000, () => makeAndUse(connection));
      } finally {
        await connection.close();
      }
    } catch (error) {
      if (Date.now() < deadline) continue;
      throw new Error(`The server is not ready; its log is in ${folder}`, { cause: error });
    }
  }
}

async function makeAndUse({ workflowService }: Connection): Promise<void> {
  await workflowService
    .registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds: (30 * 86_400) as never } })
    .catch((error: { code?: number }) => {
      if (error.code !== alreadyExists) throw error;
    });
  await workflowService.listWorkflowExecutions({ namespace, pageSize: 1 });
  await workflowService.describeTaskQueue({ namespace, taskQueue: { name: 'gantry' } });
}

/** Of gRPC. */
const alreadyExists = 6;

/** Milliseconds. */
const readyWithin = 60_000;

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  const insist = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(insist);
}

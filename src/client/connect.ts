import {
  Client,
  Connection,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
  type ConnectionOptions,
} from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { messageOf } from '../core/errors.ts';
import { findDev, type DevInfo } from '../dev/dev.ts';
import { createClientConverter } from '../encryption/converters.ts';
import type { Keyring } from '../encryption/keys.ts';
import { InvalidInput, Unreachable } from './errors.ts';
import type { Settings } from './settings.ts';

/** Which Temporal server to talk to, and why that one. */
export interface Target {
  readonly address: string;
  readonly namespace: string;
  /** For people: `TEMPORAL_ADDRESS`, a file, `default`. */
  readonly origin: string;
  readonly options: ServerOptions;
  /** Web UI, where known. */
  readonly ui?: string;
  /** What payloads are encrypted with; default nothing. */
  readonly keys?: Keyring;
}

/** Everything a connection needs, of a client or of a worker. */
export interface ServerOptions {
  readonly address: string;
  readonly tls?: Exclude<ConnectionOptions['tls'], undefined>;
  readonly apiKey?: string;
  readonly metadata?: Record<string, string>;
}

/** A client that must be closed. */
export interface OpenClient {
  readonly client: Client;
  readonly close: () => Promise<void>;
}

/**
 * Temporal's own environment variables and configuration file first, then the server that `gantry dev` runs in the
 * data folder, then localhost:7233. InvalidInput when Temporal's configuration or the encryption keys cannot be read.
 */
export async function findTarget(settings: ConnectSettings, env: NodeJS.ProcessEnv): Promise<Target> {
  return withKeys(await findServer(settings.data, env), settings, env);
}

/** What of the settings says how to reach promotions. */
export type ConnectSettings = Pick<Settings, 'data' | 'encryptionKeys'>;

/** The target with the keys that the settings name. */
export async function withKeys(
  target: Target,
  { encryptionKeys }: ConnectSettings,
  env: NodeJS.ProcessEnv,
): Promise<Target> {
  if (encryptionKeys === undefined) return target;
  try {
    const { loadKeys } = await import('../encryption/keys.ts');
    return { ...target, keys: await loadKeys(encryptionKeys, env) };
  } catch (error) {
    throw new InvalidInput(messageOf(error), { cause: error });
  }
}

async function findServer(data: string, env: NodeJS.ProcessEnv): Promise<Target> {
  const { address, namespace, ...options } = readTemporalSettings(env);
  if (address) {
    const origin = env['TEMPORAL_ADDRESS'] ? 'TEMPORAL_ADDRESS' : "Temporal's configuration file";
    return { address, namespace: namespace ?? 'default', origin, options: { ...options, address } };
  }
  const dev = await findDev(data);
  if (dev) {
    const target = targetOf(dev, data);
    return namespace ? { ...target, namespace } : target;
  }
  const local = 'localhost:7233';
  return {
    address: local,
    namespace: namespace ?? 'default',
    origin: 'default',
    options: { ...options, address: local },
  };
}

/** The embedded server of a data folder. */
export function targetOf({ address, namespace, ui }: DevInfo, data: string): Target {
  return { address, namespace, ui, origin: `gantry dev in ${data}`, options: { address } };
}

/** Connects within 5 seconds, or fails as Unreachable. */
export async function openClient(target: Target): Promise<OpenClient> {
  const connection = Connection.lazy({
    ...target.options,
    connectTimeout: '4s',
    interceptors: [retryUnlessLooking],
  });
  try {
    await connection.ensureConnected();
    const dataConverter = createClientConverter(target.keys ?? []);
    const client = new Client({ connection, namespace: target.namespace, dataConverter });
    return { client, close: () => connection.close() };
  } catch (error) {
    await connection.close();
    throw new Unreachable(explainUnreachable(target, error), { cause: error });
  }
}

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];

const retry = makeGrpcRetryInterceptor(defaultGrpcRetryOptions());

/**
 * Whoever looks at a promotion looks again anyway and tells the user meanwhile. And a retry that is still to come when the
 * connection is closed would throw where nobody can catch it.
 */
const retryUnlessLooking: Interceptor = (options, nextCall) =>
  /\/(QueryWorkflow|GetWorkflowExecutionHistory|DescribeWorkflowExecution)$/.test(
    options.method_definition.path,
  )
    ? (nextCall(options) as ReturnType<Interceptor>)
    : retry(options, nextCall);

/** Names address, origin and remedy. */
export function explainUnreachable(target: Target, error: unknown): string {
  const remedy =
    target.origin === 'default'
      ? 'Start one with `gantry dev`, or name yours in TEMPORAL_ADDRESS.'
      : `Check that it runs; \`gantry dev\` starts one of your own.`;
  return `No Temporal server answers at ${target.address} (from ${target.origin}): ${messageOf(error)}\n${remedy}`;
}

/** What Temporal's own configuration says; nothing of it has to be there. */
interface TemporalSettings extends Omit<ServerOptions, 'address'> {
  readonly address?: string;
  readonly namespace?: string;
}

function readTemporalSettings(env: NodeJS.ProcessEnv): TemporalSettings {
  try {
    const overrideEnvVars = withoutUndefined(env) as Record<string, string>;
    const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars });
    return withoutUndefined({ ...connectionOptions, namespace });
  } catch (error) {
    throw new InvalidInput(`Temporal's own configuration cannot be used: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function withoutUndefined(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

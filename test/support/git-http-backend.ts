import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gitEnvironment } from './git-repository.ts';
import { toolPath } from './tools.ts';

/** A whole answer over HTTP. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

/** Answers a request for one of the bare repositories in a folder, as git's own program for web servers does. */
export function serveGit(root: string, request: IncomingMessage, response: ServerResponse): void {
  const { stdout } = runBackend(root, request);
  let printed = Buffer.alloc(0);
  const readHead = (chunk: Buffer) => {
    printed = Buffer.concat([printed, chunk]);
    const reply = parse(printed);
    if (!reply) return;
    stdout.off('data', readHead);
    response.writeHead(reply.status, { ...reply.headers });
    response.write(reply.body);
    stdout.pipe(response);
  };
  stdout.on('data', readHead);
  stdout.once('end', () => response.headersSent || response.destroy());
}

/** What `serveGit` would answer, once all of it is there; undefined when it was cut short. */
export async function askGit(root: string, request: IncomingMessage): Promise<Reply | undefined> {
  return parse(await buffer(runBackend(root, request).stdout));
}

function runBackend(root: string, request: IncomingMessage): ChildProcessByStdio<Writable, Readable, null> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const backend = spawn(toolPath('git'), ['http-backend'], {
    env: {
      ...gitEnvironment(),
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: pathname,
      QUERY_STRING: searchParams.toString(),
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      REMOTE_USER: 'alice',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  // Who asks may be killed in the middle, and so may what answers.
  backend.stdin.on('error', () => undefined);
  request.on('aborted', () => backend.stdin.end());
  request.pipe(backend.stdin);
  return backend;
}

/** What a CGI program has printed so far: headers to the first empty line, then the body; undefined before that line. */
function parse(printed: Buffer): Reply | undefined {
  const end = printed.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const lines = printed.toString('latin1', 0, end).split('\r\n');
  const headers = lines.map((line) => line.split(': ') as [string, string]);
  const status = headers.find(([name]) => name === 'Status')?.[1] ?? '200';
  return {
    status: Number.parseInt(status, 10),
    headers: Object.fromEntries(headers.filter(([name]) => name !== 'Status')),
    body: printed.subarray(end + 4),
  };
}

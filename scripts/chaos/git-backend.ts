import { spawn } from 'node:child_process';
import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gitEnvironment } from '../../test/support/git-repository.ts';
import type { Reply } from './faulty-server.ts';

/** What git's own CGI program answers about the bare repositories below a folder; undefined when it was cut short. */
export async function askGit(root: string, request: IncomingMessage): Promise<Reply | undefined> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const backend = spawn('git', ['http-backend'], {
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
  backend.stdin.on('error', () => {});
  request.on('aborted', () => backend.stdin.end());
  request.pipe(backend.stdin);
  return parse(await buffer(backend.stdout));
}

/** What a CGI program printed. */
function parse(printed: Buffer): Reply | undefined {
  const end = printed.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const lines = printed.subarray(0, end).toString().split('\r\n');
  const headers = lines.map((line) => line.split(': ') as [string, string]);
  const status = headers.find(([name]) => name === 'Status')?.[1] ?? '200';
  return {
    status: Number.parseInt(status, 10),
    headers: Object.fromEntries(headers.filter(([name]) => name !== 'Status')),
    body: printed.subarray(end + 4),
  };
}

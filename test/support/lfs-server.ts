import type { IncomingMessage, ServerResponse } from 'node:http';

interface Batch {
  readonly operation: 'download' | 'upload';
  readonly objects: readonly { readonly oid: string; readonly size: number }[];
}

/** The batch API of Git LFS, and the place where the files themselves are, below `/info/lfs`. */
export async function serveLarge(
  large: Map<string, Buffer>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const id = /\/objects\/([0-9a-f]{64})$/.exec(request.url ?? '')?.[1];
  if (id && request.method === 'PUT') {
    large.set(id, body);
    return void response.writeHead(200).end();
  }
  if (id) return void response.writeHead(large.has(id) ? 200 : 404).end(large.get(id));
  if (!request.url?.endsWith('/objects/batch')) return void response.writeHead(404).end();
  const { operation, objects } = JSON.parse(body.toString()) as Batch;
  const place = `http://${request.headers.host}${request.url.replace(/\/batch$/, '')}`;
  const header = { Authorization: request.headers.authorization ?? '' };
  const answers = objects.map(({ oid, size }) => {
    const isThere = large.has(oid);
    if (operation === 'download' && !isThere) return { oid, size, error: { code: 404, message: 'not here' } };
    if (operation === 'upload' && isThere) return { oid, size };
    return { oid, size, actions: { [operation]: { href: `${place}/${oid}`, header } } };
  });
  response.writeHead(200, { 'content-type': 'application/vnd.git-lfs+json' });
  response.end(JSON.stringify({ transfer: 'basic', objects: answers }));
}

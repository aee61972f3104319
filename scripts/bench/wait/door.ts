import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What promotions of a bench wait for. `/open/<id>` says whether a door is open, `/pass/<id>` notes that somebody went
 * through, `/stay/<id>` answers nobody until the door opens.
 */
export interface Doors {
  /** Without a slash at the end. */
  readonly url: string;
  open(id: string): void;
  /** How often somebody came to look or to stay. */
  visits(id: string): number;
  /** Resolves with the time, of `performance.now`, at which somebody went through. */
  passed(id: string): Promise<number>;
  /** Resolves with the time of a visit; 1 is the first. */
  visited(id: string, number: number): Promise<number>;
  close(): Promise<void>;
}

/** Opens doors on loopback, all of them closed. Must be closed. */
export async function createDoors(): Promise<Doors> {
  const opened = new Set<string>();
  const staying = new Map<string, ServerResponse[]>();
  const moments = createMoments();
  const server = createServer(({ url = '' }, response) => {
    const [, what = '', id = ''] = url.split('/');
    if (what === 'pass') moments.note(`pass ${id}`);
    else moments.note(`visit ${id}`);
    if (what === 'stay' && !opened.has(id)) staying.set(id, [...(staying.get(id) ?? []), response]);
    else answer(response, opened.has(id));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    open(id) {
      opened.add(id);
      for (const response of staying.get(id) ?? []) answer(response, true);
    },
    visits: (id) => moments.count(`visit ${id}`),
    passed: (id) => moments.when(`pass ${id}`, 1),
    visited: (id, number) => moments.when(`visit ${id}`, number),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(response: ServerResponse, open: boolean): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ open }));
}

/** What has happened when, by name. */
function createMoments() {
  const times = new Map<string, number[]>();
  const waiting = new Map<string, () => void>();
  return {
    note(name: string) {
      const all = times.get(name) ?? [];
      times.set(name, all);
      all.push(performance.now());
      waiting.get(`${name} ${all.length}`)?.();
    },
    count: (name: string) => times.get(name)?.length ?? 0,
    async when(name: string, number: number): Promise<number> {
      const key = `${name} ${number}`;
      const happened = () => times.get(name)?.[number - 1];
      if (happened() === undefined) await new Promise<void>((resolve) => waiting.set(key, resolve));
      return happened()!;
    },
  };
}

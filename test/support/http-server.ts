import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Servers on loopback for one test; all end with `close`. */
export interface HttpServers {
  /** Starts one; its address has no slash at its end. */
  serve(listener: RequestListener): Promise<string>;
  /** The server that was started last. */
  last(): Server;
  close(): Promise<void>;
}

export function createHttpServers(): HttpServers {
  const servers: Server[] = [];
  return {
    async serve(listener) {
      const server = createServer(listener);
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    last: () => servers.at(-1)!,
    async close() {
      for (const server of servers.splice(0)) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

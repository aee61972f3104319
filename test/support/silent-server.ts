import { createServer, type AddressInfo, type Socket } from 'node:net';

/** A server on loopback that takes connections and never answers. */
export interface SilentServer {
  readonly port: number;
  /** Also ends the connections it took. */
  close(): void;
}

/** Opens one on a free port. */
export async function openSilentServer(): Promise<SilentServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

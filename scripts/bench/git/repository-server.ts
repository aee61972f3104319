import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serveGit } from '../../../test/support/git-http-backend.ts';

// Runs as a process: serves the folder it is given, tells its port, and ends with whoever started it.
const [root = '.'] = process.argv.slice(2);
const server = createServer((request, response) => serveGit(root, request, response));
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.once('disconnect', () => process.exit());

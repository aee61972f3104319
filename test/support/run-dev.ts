import { startDev } from '../../src/dev/dev.ts';
import { createToolResolver } from '../../src/tools/tools.ts';

/** A process of its own with a server in the given folder, for tests that kill it. */
const { address } = await startDev({
  data: process.argv[2]!,
  port: 0,
  tools: createToolResolver({ env: process.env }),
  log: console.error,
});
console.log(address);

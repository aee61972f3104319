import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startRig, stepThat } from './worker-rig.ts';

// A worker that is killed in its second step. Tells so on standard output, with the pid of what that step has started.
const [address = '', namespace = '', root = ''] = process.argv.slice(2);

const write = stepThat(
  async ({ workspace }) => {
    await writeFile(join(workspace.root, 'first'), 'x');
    return {};
  },
  'workspace',
  'doomed-write',
);

const hang = stepThat(
  async ({ workspace }) => {
    await writeFile(join(workspace.root, 'half-done'), 'x');
    const env = { ...process.env, GANTRY_TASK: `${rig.workspaces.uid}/doomed` };
    const child = spawn('sleep', ['120'], { env, detached: true, stdio: 'ignore' });
    await once(child, 'spawn');
    process.stdout.write(`${child.pid}\n`);
    return new Promise(() => {});
  },
  'workspace',
  'doomed-hang',
);

const rig = await startRig({ address, namespace }, root, [write, hang]);

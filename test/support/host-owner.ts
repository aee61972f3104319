import { openProcessHost } from '../../src/providers/programs/open-process-host.ts';

// Runs a program through a host until it is killed; writes the pids of both into a folder.
const [folder = ''] = process.argv.slice(2);
const script = 'echo $PPID > host; echo $$ > pid; sleep 120';
await openProcessHost().run(
  {
    kind: 'tool',
    tool: 'it',
    file: '/bin/sh',
    args: ['-c', script],
    cwd: folder,
    env: { PATH: process.env['PATH']! },
    maxOutput: 1000,
  },
  { signal: new AbortController().signal },
);

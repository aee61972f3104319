import { openWorkspaces } from '../../src/activities/workspace/open-workspaces.ts';

/** A process of its own that uses a folder of workspaces until it is killed. */
await openWorkspaces(process.argv[2]!, 1);
console.log('ready');
setInterval(() => {}, 1000);

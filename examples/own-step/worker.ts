import { createWorker } from 'gantry';
import { writeFile } from './write-file.ts';

// Where Temporal is, it reads where `gantry worker` does: TEMPORAL_ADDRESS, temporal.toml, else localhost:7233.
const worker = await createWorker({ steps: [writeFile], definitions: process.argv[2] ?? 'pipelines' });

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void worker.stop());
const error = await worker.ended;
if (error) throw error;

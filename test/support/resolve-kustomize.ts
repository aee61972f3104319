import { kustomize } from '../../src/tools/declarations/kustomize.ts';
import { createToolResolver } from '../../src/tools/tools.ts';

/** A process of its own that resolves kustomize with the release at a given place. */
const releases = { kustomize: { ...kustomize.release!, base: process.argv[2]! } };
console.log(JSON.stringify(await createToolResolver({ env: process.env, releases }).resolve('kustomize')));

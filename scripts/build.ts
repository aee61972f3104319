/** Makes `dist`, all that the package runs: compiled code with its types, and the workflows in one piece. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as Bundling from '../src/worker/bundle-workflows.ts';
import type * as Prebuilt from '../src/worker/prebuilt-bundle.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');

// What a source that is gone left behind must not be packed.
rmSync(join(root, 'dist'), { recursive: true, force: true });
execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });

// The compiled code bundles itself: the bundle fits what lies beside it, not the sources.
const built = (module: string): string => new URL(`../dist/worker/${module}.js`, import.meta.url).href;
const { makeBundle } = (await import(built('bundle-workflows'))) as typeof Bundling;
const { keepPrebuilt } = (await import(built('prebuilt-bundle'))) as typeof Prebuilt;
await keepPrebuilt(await makeBundle());

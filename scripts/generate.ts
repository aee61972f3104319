import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { StepDefinition } from '../src/activities/define-step.ts';
import { steps } from '../src/activities/steps/index.ts';
import { formatDuration } from '../src/core/duration.ts';
import { createPromotionSchemas } from '../src/core/schema/promotion-schema.ts';
import { renderCompatibilityPage } from './generate/compatibility-page.ts';
import { renderFunctionPage } from './generate/function-page.ts';
import { renderConfigurationPage } from './generate/settings-table.ts';
import { renderStepIndex, renderStepPage, type DescribedStep } from '../src/core/schema/step-page.ts';

/** `npm run generate` writes what is made from the declarations of steps, functions and settings, and from decided differences; `-- --check` says what is stale, exit 1. */

const root = fileURLToPath(new URL('..', import.meta.url));

/** Files by path below the repository. */
export function generateFiles(): ReadonlyMap<string, string> {
  const sorted = [...steps].sort((a, b) => (a.kind < b.kind ? -1 : 1));
  const pages = sorted.map((step) => [`docs/steps/${step.kind}.md`, renderStepPage(describe(step))] as const);
  const { stage, promotionTask, any } = createPromotionSchemas(sorted);
  const schemas = Object.entries({ stage, 'promotion-task': promotionTask, 'promotion-steps': any });
  return new Map([
    ...pages,
    ['docs/steps/README.md', renderStepIndex(sorted)],
    ['docs/functions.md', renderFunctionPage()],
    ['docs/compatibility.md', renderCompatibilityPage()],
    ['docs/configuration.md', renderConfigurationPage()],
    ...schemas.map(([name, schema]) => {
      return [`schemas/${name}.schema.json`, `${JSON.stringify(schema, null, 2)}\n`] as const;
    }),
  ]);
}

/** Paths of generated files that are missing, differ, or belong to no step any more. */
export async function findStaleFiles(): Promise<readonly string[]> {
  const files = generateFiles();
  const stale: string[] = [];
  for (const [path, text] of files) if ((await read(path)) !== text) stale.push(path);
  const pages = (await readdir(join(root, 'docs/steps'))).map((name) => `docs/steps/${name}`);
  return [...stale, ...pages.filter((path) => !files.has(path))];
}

async function writeFiles(): Promise<void> {
  await mkdir(join(root, 'docs/steps'), { recursive: true });
  for (const path of await findStaleFiles()) {
    const text = generateFiles().get(path);
    await mkdir(dirname(join(root, path)), { recursive: true });
    await (text === undefined ? rm(join(root, path)) : writeFile(join(root, path), text));
    console.log(path);
  }
}

function describe({ timeout, examples, ...step }: StepDefinition): DescribedStep {
  return {
    ...step,
    ...(timeout !== undefined && { timeout: formatDuration(timeout) }),
    examples: examples.map(({ title, as, config }) => {
      const written = {
        uses: step.kind,
        ...(as && { as }),
        ...(Object.keys(config).length > 0 && { config }),
      };
      return { title, yaml: stringify({ steps: [written] }, { lineWidth: 0 }) };
    }),
  };
}

async function read(path: string): Promise<string | undefined> {
  return readFile(join(root, path), 'utf8').catch(() => undefined);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--check')) {
    const stale = await findStaleFiles();
    for (const path of stale) console.error(`${path} is stale: run npm run generate`);
    process.exitCode = stale.length > 0 ? 1 : 0;
  } else await writeFiles();
}

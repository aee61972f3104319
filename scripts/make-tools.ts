/** Makes the tools that are not there: those named, else all that Gantry and its tests need. */
import { createToolResolver, testToolNames, toolNames } from '../src/tools/tools.ts';
import { messageOf } from '../src/core/errors.ts';

const asked = process.argv.slice(2);
let told = 0;
const resolver = createToolResolver({ env: process.env, onProgress: tell });
try {
  for (const name of asked.length > 0 ? asked : [...toolNames, ...testToolNames]) {
    const { version, path, origin } = await resolver.resolve(name);
    if (origin === 'download' || origin === 'build') console.error(`${name} ${version}: ${path} (${origin})`);
  }
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}

/** A line now and then shows that something goes on; one each second would bury everything else. */
function tell(text: string): void {
  if (Date.now() - told < 4_000) return;
  told = Date.now();
  console.error(text);
}

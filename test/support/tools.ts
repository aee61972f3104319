import { findCachedTool } from '../../src/tools/tools.ts';
import { findOnPath } from '../../src/tools/path.ts';

/** Path of a binary the tests need: made by the set-up, or on PATH because its version will do. */
export function toolPath(name: string): string {
  const path = findCachedTool(name, process.env) ?? findOnPath(name, process.env['PATH']);
  if (path === undefined) throw new Error(`There is no ${name}: run \`node scripts/setup.js --tools\``);
  return path;
}

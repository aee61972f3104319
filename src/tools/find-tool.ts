import { messageOf } from '../core/errors.ts';
import { findCached } from './cache.ts';
import { explainWanted, type Context } from './context.ts';
import type { ToolDeclaration } from './declaration.ts';
import { findOnPath } from './path.ts';
import type { Tool } from './tools.ts';
import { readVersion } from './version.ts';

/** The tool in the cache or on PATH; else undefined, with a note for each place why not. */
export async function findTool(
  declaration: ToolDeclaration,
  { env, cache, mode, onWarning }: Context,
  note: (why: string) => void,
): Promise<Tool | undefined> {
  const { name, pin, accepts, build } = declaration;
  const cached = mode === 'auto' && build ? findCached(cache, declaration) : undefined;
  if (cached !== undefined) return { name, version: pin, path: cached, origin: 'cache' };
  const path = findOnPath(name, env['PATH']);
  if (path === undefined) {
    note(`PATH: there is no ${name}`);
    return undefined;
  }
  try {
    const version = await readVersion(declaration, path, env);
    const isRight = accepts(version);
    if (isRight || mode === 'path') {
      if (!isRight) onWarning(`${path} is ${version}; Gantry is tested with ${explainWanted(declaration)}`);
      return { name, version, path, origin: 'PATH' };
    }
    note(`PATH: ${path} is ${version}`);
  } catch (error) {
    note(`PATH: ${messageOf(error)}`);
  }
  return undefined;
}

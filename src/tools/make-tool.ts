import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../core/errors.ts';
import { buildTool } from './build.ts';
import { putIntoCache, WrongSum } from './cache.ts';
import type { Context } from './context.ts';
import type { ToolDeclaration } from './declaration.ts';
import { downloadTool } from './download.ts';
import type { Tool } from './tools.ts';
import { readVersion } from './version.ts';

/**
 * Downloads the tool, or else builds it, into the cache; undefined when neither works, with a note for each way why
 * not. Rejects when a download is not what was published, and with the signal's reason.
 */
export async function makeTool(
  declaration: ToolDeclaration,
  context: Context,
  note: (why: string) => void,
  signal: AbortSignal,
): Promise<Tool | undefined> {
  const { name, pin } = declaration;
  let origin: Tool['origin'] = 'cache';
  try {
    const path = await putIntoCache(context.cache, declaration, {
      signal,
      onWait: ({ pid }) => context.onProgress(`waiting for process ${pid}, which is making ${name} ${pin}`),
      make: async (folder) => {
        origin = await makeInto(folder, declaration, context, note, signal);
      },
    });
    return { name, version: pin, path, origin };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof WrongSum) throw new Error(`${name} ${pin}: ${error.message}`, { cause: error });
    if (!(error instanceof NothingWorked)) note(`cache: ${messageOf(error)}`);
    return undefined;
  }
}

class NothingWorked extends Error {
  override readonly name = 'NothingWorked';
}

async function makeInto(
  folder: string,
  declaration: ToolDeclaration,
  context: Context,
  note: (why: string) => void,
  signal: AbortSignal,
): Promise<'download' | 'build'> {
  const release = context.releases[declaration.name] ?? declaration.release;
  const { build } = declaration;
  const options = { ...context, folder, signal };
  const ways = [
    release && { way: 'download' as const, make: () => downloadTool(declaration, release, options) },
    build && { way: 'build' as const, make: () => buildTool(declaration, build, options) },
  ];
  for (const { way, make } of ways.filter((candidate) => candidate !== undefined)) {
    try {
      await make();
      await checkMade(declaration, folder, context.env);
      return way;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof WrongSum) throw error;
      note(`${way}: ${messageOf(error)}`);
    }
  }
  throw new NothingWorked();
}

/** A binary of another version, or for another system, must not get into the cache. */
async function checkMade(declaration: ToolDeclaration, folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const path = join(folder, declaration.name);
  await chmod(path, 0o755);
  const version = await readVersion(declaration, path, env);
  if (version !== declaration.pin) throw new Error(`what came is ${version}, not ${declaration.pin}`);
}

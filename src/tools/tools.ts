import { defaultToolCache, findCached } from './cache.ts';
import { createContext, explainWanted, type Context, type ToolResolverOptions } from './context.ts';
import type { ToolDeclaration } from './declaration.ts';
import { declarations, testDeclarations } from './declarations/index.ts';
import { findTool } from './find-tool.ts';

export { findLockHolder, openLock, type Lock } from './lock.ts';
export { findProcess, isRunning, type ProcessId } from '../process-id.ts';
export { defaultToolCache, type ToolResolverOptions };

/** A binary that is there and can be run. */
export interface Tool {
  readonly name: string;
  readonly version: string;
  readonly path: string;
  /** `download` and `build` only when it was made just now; later it comes from the `cache`. */
  readonly origin: 'cache' | 'PATH' | 'download' | 'build';
}

/** A binary that `resolve` would have to make first. */
export interface MissingTool {
  readonly name: string;
  /** The version wanted. */
  readonly version: string;
  readonly path: null;
  readonly origin: 'missing';
}

export interface ToolResolver {
  /**
   * Finds a tool or makes it: cache, PATH, download, build. Rejects with an error that tells all that was tried and
   * how to install the tool by hand. Ask as often as you like: what was found once is not looked for again.
   */
  resolve(name: string, signal?: AbortSignal): Promise<Tool>;
  /** A tool that is there already, in the cache or on PATH; makes nothing. */
  find(name: string): Promise<Tool | undefined>;
  /** What is there now; makes nothing. */
  list(): Promise<readonly (Tool | MissingTool)[]>;
}

/** Names of all tools, the quickest to make first. */
export const toolNames: readonly string[] = declarations.map(({ name }) => name);

/** Names of those that only tests need. */
export const testToolNames: readonly string[] = testDeclarations.map(({ name }) => name);

/** The one way to a binary. Resolvers of several processes share a cache safely. */
export function createToolResolver(options: ToolResolverOptions): ToolResolver {
  const context = createContext(options);
  const found = new Map<string, Tool>();
  return {
    async resolve(name, signal = new AbortController().signal) {
      const tool = found.get(name) ?? (await resolveTool(getDeclaration(name), context, signal));
      found.set(name, tool);
      return tool;
    },
    find: async (name) => found.get(name) ?? findTool(getDeclaration(name), context, () => {}),
    list: () => Promise.all(declarations.map((declaration) => lookUp(declaration, context))),
  };
}

/** The path of a tool that is in the default cache, at once and without asking the tool anything. */
export function findCachedTool(name: string, env: NodeJS.ProcessEnv): string | undefined {
  return findCached(defaultToolCache(env), getDeclaration(name));
}

function getDeclaration(name: string): ToolDeclaration {
  const declaration = [...declarations, ...testDeclarations].find((candidate) => candidate.name === name);
  if (!declaration) throw new Error(`Gantry knows no tool "${name}"; it knows ${toolNames.join(', ')}`);
  return declaration;
}

async function resolveTool(declaration: ToolDeclaration, context: Context, signal: AbortSignal): Promise<Tool> {
  const tried: string[] = [];
  const note = (why: string) => void tried.push(why);
  const found = await findTool(declaration, context, note);
  if (found) return found;
  if (context.mode === 'auto' && declaration.build) {
    // Most runs find all tools; only the others pay for loading the ways to make one.
    const { makeTool } = await import('./make-tool.ts');
    const made = await makeTool(declaration, context, note, signal);
    if (made) return made;
  }
  throw new Error(explainMissing(declaration, context, tried));
}

async function lookUp(declaration: ToolDeclaration, context: Context): Promise<Tool | MissingTool> {
  const { name, pin } = declaration;
  const tool = await findTool(declaration, context, () => {});
  return tool ?? { name, version: pin, path: null, origin: 'missing' };
}

function explainMissing(declaration: ToolDeclaration, { mode }: Context, tried: readonly string[]): string {
  const { name, install, build } = declaration;
  const lines = [
    `${explainWanted(declaration)} is needed, and could be neither found nor made:`,
    ...tried.map((why) => `  ${why}`),
    `Install it so that it is on PATH: ${install}.`,
  ];
  if (mode === 'auto' && build) {
    lines.push('Or install Go (https://go.dev/dl), and Gantry builds it.');
    lines.push(`With GANTRY_TOOLS=path, Gantry takes the ${name} on PATH whatever its version.`);
  }
  return lines.join('\n');
}

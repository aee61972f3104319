import { defaultToolCache, isFolder } from './cache.ts';
import type { Release, ToolDeclaration } from './declaration.ts';

export interface ToolResolverOptions {
  /** The environment of the tools: PATH, HOME, XDG_CACHE_HOME, GANTRY_TOOLS. */
  readonly env: NodeJS.ProcessEnv;
  /** Folder of the made tools. Default: the one in GANTRY_TOOLS, else `$XDG_CACHE_HOME/gantry/tools`. */
  readonly cache?: string;
  /** `path` takes what is on PATH, whatever its version, and makes nothing. Default: GANTRY_TOOLS, else `auto`. */
  readonly mode?: 'auto' | 'path';
  /** Told at least every second while something is made; one line, not meant to be kept. */
  readonly onProgress?: (text: string) => void;
  /** Told what somebody should know. Default: `onProgress`. */
  readonly onWarning?: (text: string) => void;
  /** Other places of the releases, by tool name. */
  readonly releases?: Readonly<Record<string, Release>>;
}

/** The options with every default filled in. */
export type Context = Required<ToolResolverOptions>;

/** Fills in the defaults. Throws when GANTRY_TOOLS is neither `auto` nor `path` nor a folder. */
export function createContext(options: ToolResolverOptions): Context {
  const { env, onProgress = () => {} } = options;
  const said = env['GANTRY_TOOLS'] || 'auto';
  const mode = options.mode ?? (isFolder(said) ? 'auto' : said);
  if (mode !== 'auto' && mode !== 'path') {
    throw new Error(`GANTRY_TOOLS is ${JSON.stringify(mode)}, but must be "auto" or "path", or a folder with a / in it`);
  }
  const { cache = defaultToolCache(env), releases = {}, onWarning = onProgress } = options;
  return { env, cache, mode, releases, onProgress, onWarning };
}

/** The version wanted, in words. */
export function explainWanted({ name, pin, build }: ToolDeclaration): string {
  return build ? `${name} ${pin}` : `${name} ${pin} or newer`;
}

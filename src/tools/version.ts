import { execa } from 'execa';
import type { ToolDeclaration } from './declaration.ts';

/** Asks a binary for its version; rejects when it does not run, or says something else. */
export async function readVersion(
  declaration: ToolDeclaration,
  path: string,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const result = await execa(path, declaration.versionArgs, {
    env,
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    // Generous, as a machine that builds at the same time answers late.
    timeout: 20_000,
    maxBuffer: 1 << 16,
  });
  const version = declaration.versionPattern.exec(result.stdout)?.[1];
  if (version !== undefined && result.exitCode === 0) return version;
  const said = (result.stderr || result.stdout || result.shortMessage || 'nothing').trim().split('\n').at(-1);
  throw new Error(`${path} does not tell its version: ${said}`);
}

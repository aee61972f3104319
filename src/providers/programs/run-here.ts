import { runGitProgram } from './git-program.ts';
import type { Program, ProgramCall } from './program.ts';
import { runToolProgram } from './tool-program.ts';

/** Starts programs from this process: good where it is small, as every start copies its page tables. */
export function runHere(program: Program, call: ProgramCall): Promise<string> {
  return program.kind === 'git' ? runGitProgram(program, call) : runToolProgram(program, call);
}

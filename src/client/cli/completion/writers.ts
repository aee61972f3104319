import { writeBash } from './bash.ts';
import { writeFish } from './fish.ts';
import { writeZsh } from './zsh.ts';

/** Writes the script of a shell; it runs nothing but the shell's own completion. */
export const writers = { bash: writeBash, zsh: writeZsh, fish: writeFish };

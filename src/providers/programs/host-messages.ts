import type { Program, ProgramEnd } from './program.ts';

/** What the host is told: to run a program, or to abort a run. */
export type HostRequest =
  | { readonly id: number; readonly program: Program; readonly tellsProgress: boolean }
  | { readonly id: number; readonly abort: true };

/** What the host tells of a run. What it printed comes in parts, before the end. */
export type HostAnswer =
  | { readonly id: number; readonly progress: string }
  | { readonly id: number; readonly part: string }
  | HostEnd;

/** How a run ended; a problem is not the program's own: an abort, or a refusal to start it. */
export type HostEnd =
  | { readonly id: number; readonly done: true }
  | { readonly id: number; readonly failed: ProgramEnd }
  | { readonly id: number; readonly problem: string };

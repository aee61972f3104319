import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject } from '../../core/json.ts';

/** Says whose folder it is and what is in it. Lies beside the files, where no step can reach it. */
export interface Marker {
  readonly workflowId: string;
  readonly firstRunId: string;
  /** Of the run that claimed it last: another one with no newer claim was reset to an earlier point. */
  readonly runId: string;
  /** Of the latest claim: attempts with an older one may not write any more. */
  readonly generation: number;
  /** Indices of the steps whose work the files hold. */
  readonly done: readonly number[];
  /** The step that works in them, or did when it was cut off. */
  readonly begun?: number;
  /** Counts against the worker's capacity, also after a restart. */
  readonly leased: boolean;
  /** Milliseconds since the epoch. */
  readonly usedAt: number;
}

/** The marker of a folder; undefined when there is none, or none that was written whole. */
export async function findMarker(folder: string): Promise<Marker | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(join(folder, fileName), 'utf8'));
    return isMarker(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Replaces the marker in one stroke: a reader sees the old one or the new one. */
export async function writeMarker(folder: string, marker: Marker): Promise<void> {
  const next = join(folder, `${fileName}.next`);
  await writeFile(next, JSON.stringify(marker), { mode: 0o600 });
  await rename(next, join(folder, fileName));
}

function isMarker(value: unknown): value is Marker {
  if (!isObject(value)) return false;
  const { workflowId, firstRunId, runId, generation, done, leased, usedAt } = value;
  return (
    typeof workflowId === 'string' &&
    typeof firstRunId === 'string' &&
    typeof runId === 'string' &&
    typeof generation === 'number' &&
    typeof leased === 'boolean' &&
    typeof usedAt === 'number' &&
    Array.isArray(done) &&
    done.every(Number.isSafeInteger)
  );
}

const fileName = '.promotion.json';

import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Surroundings } from '../../../src/activities/run-step.ts';
import { createScrubber } from '../../../src/activities/scrub.ts';
import { openWorkspaces } from '../../../src/activities/workspace/open-workspaces.ts';
import { openTimeZones } from '../../../src/providers/time-zones/time-zones.ts';
import { compareCase } from './compare-case.ts';
import type { EngineCase } from './engine-case.ts';
import { explainDifference } from './explain-difference.ts';
import { playCase } from './play-case.ts';
import { serveStub } from './serve-stub.ts';

/** How a case differs from what was recorded, one line each, and the decision it follows from if there is one. */
export interface CheckedCase {
  readonly differences: readonly string[];
  readonly decision?: string;
  /** It is refused before it begins, and its steps, run all the same, end as recorded. */
  readonly runsAsRecorded?: true;
}

/** Runs engine cases, in a folder of their own. */
export interface EngineCases {
  check(engineCase: EngineCase): Promise<CheckedCase>;
  close(): Promise<void>;
}

export async function openEngineCases(): Promise<EngineCases> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gantry-cases-')));
  const workspaces = await openWorkspaces(folder, 4);
  const around: Surroundings = {
    workspaces,
    zones: openTimeZones(),
    credentials: { find: () => Promise.resolve(undefined) },
    resolveTool: (name) => Promise.reject(new Error(`no ${name} here`)),
    gitBinary: 'git',
    gitIdentity: { name: 'Kargo', email: 'no-reply@kargo.io' },
    ...network,
    environment: {},
    taskPrefix: `${workspaces.uid}/`,
    logFor: () => ({ debug() {}, info() {}, warn() {} }),
    scrubber: createScrubber(),
    closing: new AbortController().signal,
  };
  return {
    async check(recorded) {
      const { engineCase, close } = await serveStub(recorded);
      try {
        const played = await playCase(engineCase, around);
        const differences = compareCase(engineCase, played);
        if (differences.length === 0) return { differences };
        const decision = explainDifference(engineCase, played, differences);
        const { unchecked } = played;
        const runsAsRecorded = unchecked && compareCase(engineCase, unchecked).length === 0;
        return { differences, ...(decision && { decision }), ...(runsAsRecorded && { runsAsRecorded }) };
      } finally {
        await close();
      }
    },
    async close() {
      await workspaces.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The server of a case is on this machine. */
const network = { httpPolicy: { allow: ['loopback'] } };

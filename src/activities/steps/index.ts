import type { StepDefinition } from '../define-step.ts';
import { composeOutput } from './compose-output.ts';
import { fail } from './fail.ts';
import { gitClear } from './git-clear.ts';
import { gitClone } from './git-clone.ts';
import { gitCommit } from './git-commit.ts';
import { gitPush } from './git-push.ts';
import { kustomizeBuild } from './kustomize-build.ts';
import { kustomizeSetImage } from './kustomize-set-image.ts';

/** Every kind of step a worker can run, by name. */
export const steps: readonly StepDefinition[] = [
  composeOutput,
  fail,
  gitClear,
  gitClone,
  gitCommit,
  gitPush,
  kustomizeBuild,
  kustomizeSetImage,
];

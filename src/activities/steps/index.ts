import type { StepDefinition } from '../define-step.ts';
import { composeOutput } from './compose-output.ts';
import { copy } from './copy.ts';
import { deleteFiles } from './delete.ts';
import { fail } from './fail.ts';
import { gitClear } from './git-clear.ts';
import { gitClone } from './git-clone.ts';
import { gitCommit } from './git-commit.ts';
import { gitPush } from './git-push.ts';
import { gitTag } from './git-tag.ts';
import { helmTemplate } from './helm-template.ts';
import { kustomizeBuild } from './kustomize-build.ts';
import { kustomizeSetImage } from './kustomize-set-image.ts';
import { yamlUpdate } from './yaml-update.ts';

/** Every kind of step a worker can run, by name. */
export const steps: readonly StepDefinition[] = [
  composeOutput,
  copy,
  deleteFiles,
  fail,
  gitClear,
  gitClone,
  gitCommit,
  gitPush,
  gitTag,
  helmTemplate,
  kustomizeBuild,
  kustomizeSetImage,
  yamlUpdate,
];

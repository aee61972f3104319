import type { StepDefinition } from '../define-step.ts';
import { composeOutput } from './compose-output.ts';
import { copy } from './copy.ts';
import { deleteFiles } from './delete.ts';
import { fail } from './fail.ts';
import { fileWrite } from './file-write.ts';
import { gitClear } from './git-clear.ts';
import { gitClone } from './git-clone.ts';
import { gitCommit } from './git-commit.ts';
import { gitPush } from './git-push.ts';
import { gitTag } from './git-tag.ts';
import { helmTemplate } from './helm-template.ts';
import { http } from './http.ts';
import { httpDownload } from './http-download.ts';
import { httpPost } from './http-post.ts';
import { jsonParse } from './json-parse.ts';
import { jsonUpdate } from './json-update.ts';
import { kustomizeBuild } from './kustomize-build.ts';
import { kustomizeSetImage } from './kustomize-set-image.ts';
import { tomlParse } from './toml-parse.ts';
import { tomlUpdate } from './toml-update.ts';
import { yamlParse } from './yaml-parse.ts';
import { yamlUpdate } from './yaml-update.ts';

/** Every kind of step a worker can run, by name. */
export const steps: readonly StepDefinition[] = [
  composeOutput,
  copy,
  deleteFiles,
  fail,
  fileWrite,
  gitClear,
  gitClone,
  gitCommit,
  gitPush,
  gitTag,
  helmTemplate,
  http,
  httpDownload,
  httpPost,
  jsonParse,
  jsonUpdate,
  kustomizeBuild,
  kustomizeSetImage,
  tomlParse,
  tomlUpdate,
  yamlParse,
  yamlUpdate,
];

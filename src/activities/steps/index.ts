import type { StepDefinition } from '../define-step.ts';
import { bash } from './bash.ts';
import { composeOutput } from './compose-output.ts';
import { copy } from './copy.ts';
import { deleteFiles } from './delete.ts';
import { fail } from './fail.ts';
import { fileWrite } from './file-write.ts';
import { gitClear } from './git-clear.ts';
import { gitClone } from './git-clone.ts';
import { gitCommit } from './git-commit.ts';
import { gitMergePr } from './git-merge-pr.ts';
import { gitOpenPr } from './git-open-pr.ts';
import { gitPush } from './git-push.ts';
import { gitTag } from './git-tag.ts';
import { gitWaitForPr } from './git-wait-for-pr.ts';
import { githubPush } from './github-push.ts';
import { helmTemplate } from './helm-template.ts';
import { helmUpdateChart } from './helm-update-chart.ts';
import { helmUpdateImage } from './helm-update-image.ts';
import { http } from './http.ts';
import { httpDownload } from './http-download.ts';
import { httpPost } from './http-post.ts';
import { jsonParse } from './json-parse.ts';
import { jsonUpdate } from './json-update.ts';
import { kustomizeBuild } from './kustomize-build.ts';
import { kustomizeSetImage } from './kustomize-set-image.ts';
import { ociDownload } from './oci-download.ts';
import { ociPush } from './oci-push.ts';
import { sendMessage } from './send-message.ts';
import { tar } from './tar.ts';
import { tomlParse } from './toml-parse.ts';
import { tomlUpdate } from './toml-update.ts';
import { untar } from './untar.ts';
import { waitForPr } from './wait-for-pr.ts';
import { yamlMerge } from './yaml-merge.ts';
import { yamlParse } from './yaml-parse.ts';
import { yamlUpdate } from './yaml-update.ts';

/** Every kind of step a worker can run, by name. */
export const steps: readonly StepDefinition[] = [
  bash,
  composeOutput,
  copy,
  deleteFiles,
  fail,
  fileWrite,
  gitClear,
  gitClone,
  gitCommit,
  gitMergePr,
  gitOpenPr,
  gitPush,
  gitTag,
  gitWaitForPr,
  githubPush,
  helmTemplate,
  helmUpdateChart,
  helmUpdateImage,
  http,
  httpDownload,
  httpPost,
  jsonParse,
  jsonUpdate,
  kustomizeBuild,
  kustomizeSetImage,
  ociDownload,
  ociPush,
  sendMessage,
  tar,
  tomlParse,
  tomlUpdate,
  untar,
  waitForPr,
  yamlMerge,
  yamlParse,
  yamlUpdate,
];

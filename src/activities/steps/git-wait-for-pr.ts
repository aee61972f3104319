import { defineWaitForPullRequest } from '../wait-for-pull-request.ts';

export const gitWaitForPr = defineWaitForPullRequest('git-wait-for-pr');

import { defineWaitForPullRequest } from '../wait-for-pull-request.ts';

export const waitForPr = defineWaitForPullRequest('wait-for-pr');

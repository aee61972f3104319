import assert from 'node:assert/strict';
import { explainPush, isOvertaken } from '../../../src/providers/git/explain-push.ts';
import { GitError } from '../../../src/providers/git/run-git.ts';

const line = (said: string) => `!\tHEAD:refs/heads/main\t${said}\nerror: failed to push some refs`;

describe('refusals of a push', () => {
  const overtaken = {
    'git, behind': line('[rejected] (non-fast-forward)'),
    'git, never seen': line('[rejected] (fetch first)'),
    'git, with a lease': line('[rejected] (stale info)'),
    GitHub: line("[remote rejected] (cannot lock ref 'refs/heads/main': is at 1a but expected 2b)"),
    'GitHub, new branch': line(
      "[remote rejected] (cannot lock ref 'refs/heads/main': reference already exists)",
    ),
    GitLab: line('[remote rejected] (incorrect old value provided)'),
    Gitea: line('[remote rejected] (failed to update ref)'),
    Bitbucket: `remote: error: cannot lock ref 'refs/heads/main': is at 1a but expected 2b\n${line('[remote rejected] (failed to update ref)')}`,
    'a lock': line(
      "[remote rejected] (cannot lock ref 'refs/heads/main': Unable to create '/r/main.lock': File exists.)",
    ),
    'Azure DevOps': line(
      "[remote rejected] (TF401028: The reference 'refs/heads/main' has already been updated by another client, so you cannot update it. Please try again.)",
    ),
  };
  for (const [host, text] of Object.entries(overtaken)) {
    it(`is tried again when the branch moved: ${host}`, () => assert.ok(isOvertaken(text)));
  }

  const lasting: readonly (readonly [string, string, RegExp])[] = [
    [
      'GitHub, protected branch',
      `remote: error: GH006: Protected branch update failed for refs/heads/main.\n${line('[remote rejected] (protected branch hook declined)')}`,
      /generateTargetBranch: true and open a pull request/,
    ],
    [
      'GitHub, ruleset',
      `remote: error: GH013: Repository rule violations found for refs/heads/main.\nremote: - Changes must be made through a pull request.\n${line('[remote rejected] (push declined due to repository rule violations)')}`,
      /open a pull request/,
    ],
    [
      'GitLab, protected branch',
      `remote: GitLab: You are not allowed to push code to protected branches on this project.\n${line('[remote rejected] (pre-receive hook declined)')}`,
      /open a pull request/,
    ],
    [
      'Bitbucket, branch permission',
      `remote: Permission denied to update branch main.\n${line('[remote rejected] (pre-receive hook declined)')}`,
      /open a pull request/,
    ],
    [
      'Gitea, protected branch',
      `remote: Gitea: Not allowed to push to protected branch main\n${line('[remote rejected] (pre-receive hook declined)')}`,
      /open a pull request/,
    ],
    [
      'Azure DevOps, policy',
      line(
        '[remote rejected] (TF402455: Pushes to this branch are not permitted; you must use a pull request to update this branch.)',
      ),
      /open a pull request/,
    ],
    [
      'GitHub, large file',
      `remote: error: GH001: Large files detected.\nremote: error: File a is 120.00 MB; this exceeds GitHub's file size limit of 100.00 MB\n${line('[remote rejected] (pre-receive hook declined)')}`,
      /Git LFS/,
    ],
    [
      'GitHub, secret',
      `remote: - GITHUB PUSH PROTECTION\nremote: - Push cannot contain secrets\n${line('[remote rejected] (push declined due to repository rule violations)')}`,
      /found a secret/,
    ],
    [
      'GitLab, author',
      `remote: GitLab: Committer's email 'x@y' does not follow the pattern '@z$'\n${line('[remote rejected] (pre-receive hook declined)')}`,
      /rules for authors and signatures; set author/,
    ],
    [
      'a branch in the way',
      line(
        "[remote rejected] (cannot lock ref 'refs/heads/env/a': 'refs/heads/env' exists; cannot create 'refs/heads/env/a')",
      ),
      /already uses the name of a folder/,
    ],
    [
      'a full disk over there',
      line(
        "[remote rejected] (cannot lock ref 'refs/heads/main': Unable to create '/r/main.lock': No space left on device)",
      ),
      /cannot store anything/,
    ],
    ['part of the history', line('[remote rejected] (shallow update not allowed)'), /remove depth/],
  ];
  for (const [what, text, advice] of lasting) {
    it(`is told with a way out, not tried again: ${what}`, () => {
      assert.equal(isOvertaken(text), false);
      const { message } = explainPush('branch main of https://host/a', new GitError(text));
      assert.match(message, /^the remote refuses the push to branch main of https:\/\/host\/a: /);
      assert.match(message.split('\n')[0]!, advice);
      assert.ok(message.endsWith(text));
    });
  }
});

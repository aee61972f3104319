import type { GitError } from './run-git.ts';

/** Says whether the remote refused because a branch moved, or is being moved, under our feet: in any host's words. */
export function isOvertaken(text: string): boolean {
  if (!/\[(remote )?rejected\]|\[remote failure\]/.test(text)) return false;
  return overtaken.some((pattern) => pattern.test(text)) && !lasting.test(text);
}

/** What a remote's refusal means, and what to do about it; `where` names what was pushed to. */
export function explainPush(where: string, error: GitError): Error {
  const found = refusals.find(({ pattern }) => pattern.test(error.message));
  const advice = found
    ? `the remote refuses the push to ${where}: ${found.advice}`
    : `cannot push to ${where}`;
  return new Error(`${advice}\n${error.message}`, { cause: error });
}

const overtaken: readonly RegExp[] = [
  // git itself, before anything is sent; with a lease too.
  /\((non-fast-forward|fetch first|stale info|remote ref updated since checkout)\)/,
  // git on the other side, as GitHub, GitLab, Gitea and Bitbucket run it.
  /cannot lock ref|incorrect old value provided|failed to update ref|reference already exists/,
  // Hosts that keep refs in a store of their own.
  /failed to lock|lock failure|transaction conflict|conflicting (reference|ref) update/i,
  // Azure DevOps.
  /TF401028|already been updated by another client/,
];

/** Words that go along with those above, about what does not pass. */
const lasting =
  /exists; cannot create|No space left on device|Disk quota exceeded|Read-only file system|Permission denied/;

const refusals: readonly { readonly pattern: RegExp; readonly advice: string }[] = [
  {
    pattern: /exists; cannot create|directory file conflict/,
    advice: 'a branch or tag there already uses the name of a folder in this name; choose another one',
  },
  {
    pattern: /No space left on device|Disk quota exceeded|Read-only file system/,
    advice: 'it cannot store anything: tell whoever runs it',
  },
  {
    pattern: /GH001|file size limit|VS403654|exceeds? .*\b(size|limit)|too large|HTTP 413/i,
    advice: 'it holds more, or larger files, than the host takes; keep large files out of Git or in Git LFS',
  },
  {
    pattern:
      /GH007|private email|must (be signed|have (a )?verified)|unsigned|(author|committer).*(email|e-mail|verified|follow|match)/i,
    advice:
      'the host has rules for authors and signatures; set author, and its signingKey, in git-clone or git-commit',
  },
  {
    pattern: /push protection|contain secrets|detected? secrets?/i,
    advice: 'the host found a secret in the commits; remove it from what is promoted',
  },
  {
    pattern: /shallow update not allowed/,
    advice: 'it takes nothing from clones with a part of the history; remove depth from git-clone',
  },
  {
    pattern:
      /\[remote rejected\]|declined|protected|pull requests?|merge requests?|not (be )?(allowed|permitted)|TF40\d{4}|VS40\d{4}|restricted/i,
    advice: 'allow it for this user there, or push with generateTargetBranch: true and open a pull request',
  },
];

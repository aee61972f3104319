/** What keeps a text from being the name of a branch or tag, by git's own rules; undefined when nothing does. */
export function explainRefName(name: string): string | undefined {
  if (name === '') return 'it is empty';
  if (/[\r\n]/.test(name)) return 'it has a line break in it';
  return rules.find(([pattern]) => pattern.test(name))?.[1];
}

/** The name, or an error that says what is wrong with it. */
export function checkRefName(what: 'branch' | 'tag', name: string): string {
  const problem = explainRefName(name);
  if (problem) throw new Error(`${JSON.stringify(name)} cannot be the name of a ${what}: ${problem}`);
  return name;
}

/** Says whether a text may name a commit: an ID, a ref, or one of their ancestors (`main~2`). */
export function isCommitName(text: string): boolean {
  return explainRefName(text.replace(/(?:[~^]\d*)+$/, '')) === undefined;
}

/** `main` of `refs/heads/main`, too. */
export function shortBranchName(branch: string): string {
  return branch.replace(/^refs\/heads\//, '');
}

const rules: readonly (readonly [RegExp, string])[] = [
  [/^-/, 'it begins with a dash'],
  [/^HEAD$|^@$/, 'git keeps that name for itself'],
  [/[\p{Cc} ]/u, 'it has a blank or a control character in it'],
  [/[~^:?*[\\]/, 'none of ~ ^ : ? * [ \\ may be in it'],
  [/\.\./, '.. may not be in it'],
  [/@\{/, '@{ may not be in it'],
  [/^\/|\/$|\/\//, 'a slash may only stand between two parts'],
  [/(^|\/)\./, 'no part may begin with a dot'],
  [/\.$|\.lock(\/|$)/, 'no part may end with .lock, nor the name with a dot'],
];

import type { GitIdentity } from './git.ts';

/** Lines of a settings file of git for people's own scripts: who commits, and that a bare push goes to the same name. */
export function scriptSettings({ name, email }: GitIdentity): readonly string[] {
  return [
    '[user]',
    `\tname = ${quoteSetting(name)}`,
    `\temail = ${quoteSetting(email)}`,
    '[push]',
    '\tdefault = current',
  ];
}

/** A value as a settings file of git has it; line breaks become blanks. */
export function quoteSetting(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&').replace(/[\r\n]+/g, ' ')}"`;
}

import { readFileSync } from 'node:fs';

/** A recorded result of Kargo that we decided to differ from. */
interface Decided {
  readonly id: string;
  readonly reason: string;
}

const read = (name: string): Decided[] =>
  JSON.parse(readFileSync(new URL(`../../test/cases/${name}`, import.meta.url), 'utf8')) as Decided[];

/** `docs/compatibility.md`: what differs from Kargo on purpose, with the recorded cases by name. */
export function renderCompatibilityPage(): string {
  const steps = groupBy(read('decided-step-differences.json'), ({ id }) => id.split('/')[0]!);
  const sections = [...steps]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([step, cases]) => `### \`${step}\`\n\n${renderCases(cases)}`);
  return `${introduction}\n## Promotions\n\n${renderCases(read('decided-engine-differences.json'))}\n## Steps\n\n${sections.join('\n')}\n## Expressions\n\n${renderCases(read('decided-expression-differences.json'))}`;
}

function renderCases(cases: readonly Decided[]): string {
  const groups = groupBy(cases, ({ reason }) => reason);
  const lines = [...groups].map(([reason, same]) => {
    const names = same.map(({ id }) => `\`${id.split('/').slice(1).join('/') || id}\``).join(', ');
    return `- ${reason.replace(/\*/g, '\\*')} (${names})\n`;
  });
  return lines.join('');
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

const introduction = `# Compatibility with Kargo

Gantry takes the definitions of open-source Kargo as they are, and of its version 1.2 too. Where Kargo's code contradicts
its documentation or plainly misbehaves, Gantry does what the documentation promises.

| Kargo | Gantry |
|---|---|
| results of expressions become numbers and booleans even in text fields: \`1.20\` turns into 1.2 | a field that is text keeps its text |
| \`errorThreshold\` counts all errors of a step, without a pause between attempts | errors in a row, as documented; pauses grow |
| timeouts are looked at between attempts and hide the error | the deadline ends the step; the message keeps the last error |
| \`git-clone\` without a ref fails, a second attempt trips over the first | the default branch; attempts are clean |
| a lost workspace begins again at the first step | what is missing is made again, pinned; effects are not repeated |
| an abort waits for the running step, and nothing runs after it | the step is cancelled, then steps with \`if: \${{ always() }}\` run |
| \`secrets.x.y\`, \`ctx.freight\`, \`freightMetadata('key')\` are gone | accepted |
| later inner steps of a task can overwrite the vars of earlier ones | each step has its own |
| a number of a pull request as text is refused | a text of digits is a number; null, from a \`git-open-pr\` that was Skipped, makes \`git-wait-for-pr\` and \`git-merge-pr\` Skipped |
| SCP-like addresses are refused for pull requests | the same repository, by the API of its host |
| \`repoURL\` has to be repeated for each step about a pull request | default that of the only \`git-open-pr\` before |
| an object in a text field is refused | a commit gives its ID, an image its tag, a chart its version where the field is of that kind |

The lists below are made from the cases in which recorded results of Kargo and ours differ on purpose; each names its
cases in \`test/cases\`.
`;

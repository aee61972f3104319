/** What a pull request says about itself. */
export interface PullRequestText {
  readonly title: string;
  readonly description: string;
}

export interface TextParts {
  /** As the user wrote them. */
  readonly title?: string;
  readonly description?: string;
  /** Of the last commit of the source branch, with its line end. */
  readonly message: string;
  /** Where the promotion can be seen. */
  readonly link?: string;
}

/**
 * Title and description as Kargo makes them: the title is the first line of the commit message; the description is what
 * the title has not said, so with a title of the user's own it is the whole message. The link comes last in any case.
 */
export function pullRequestText({ title, description, message, link }: TextParts): PullRequestText {
  const end = message.indexOf('\n');
  const rest = end < 0 ? '' : message.slice(end + 1);
  const text = description ?? (title === undefined ? rest : message);
  return {
    title: title ?? message.slice(0, end < 0 ? undefined : end),
    description: link === undefined ? text : `${text}\n\n[View in Kargo UI](${link})`,
  };
}

/** Page of a Stage in the user interface at an address. */
export function stageLink(base: string, project: string, stage: string): string {
  return `${base.replace(/\/+$/, '')}/project/${project}/stage/${stage}`;
}

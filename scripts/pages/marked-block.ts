/** The text with something else between `<!-- begin: name -->` and `<!-- end: name -->`. Throws when there is no such block. */
export function replaceBlock(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- begin: ${name} -->`, `<!-- end: ${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`There is no block ${begin} … ${end}`);
  return `${text.slice(0, from + begin.length)}\n\n${content.trim()}\n\n${text.slice(to)}`;
}

/** The text with these screens in its fences below `<!-- screen: name -->`; those of other names stay. */
export function replaceScreens(text: string, screens: ReadonlyMap<string, string>): string {
  const pattern = /(<!-- screen: ([\w-]+) -->\n(?:<!--[^\n]*-->\n)*\n```text\n)[^]*?(^```$)/gm;
  return text.replaceAll(pattern, (whole, head: string, name: string, end: string) => {
    const screen = screens.get(name);
    return screen === undefined ? whole : `${head}${screen.trimEnd()}\n${end}`;
  });
}

/** Names of the screens on a page. */
export function screensOf(text: string): readonly string[] {
  return [...text.matchAll(/<!-- screen: ([\w-]+) -->/g)].map(([, name]) => name!);
}

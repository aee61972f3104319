import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A page that people read, by its path in the repository. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** A fenced block of a page, with what the comments right above it say. */
export interface Fence {
  readonly page: string;
  /** 1-based, of the opening fence. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
  /** `<!-- name: value -->` and `<!-- name -->`, the latter with an empty value. */
  readonly marks: Readonly<Record<string, string>>;
}

/** Pages that tell what to do: all of them but those made from declarations, and decisions. */
export function listPages(): readonly Page[] {
  const names = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', ...names.sort().map((name) => `docs/${name}`)].map(readPage);
}

/** A page by its path in the repository. */
export function readPage(path: string): Page {
  return { path, text: readFileSync(join(root, path), 'utf8') };
}

/** The fenced blocks of a page, in their order. A block that is set in counts as written. */
export function fencesOf({ path, text }: Page): readonly Fence[] {
  const found = text.matchAll(/((?:^[ ]*<!--[^\n]*-->\n\n?)*)^([ ]*)```(\w*)\n([^]*?)^\2```$/gm);
  return [...found].map(([, comments, indent, language, body], index) => {
    const at = [...text.matchAll(/^[ ]*```\w*\n[^]*?^[ ]*```$/gm)][index]!.index;
    return {
      page: path,
      line: text.slice(0, at).split('\n').length,
      language: language!,
      text: body!.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      marks: Object.fromEntries(
        [...comments!.matchAll(/<!-- ([^:\n]+?)(?:: ([^\n]*?))? -->/g)].map(([, name, value]) => [
          name,
          value ?? '',
        ]),
      ),
    };
  });
}

/** Texts between single backticks, outside of fences. */
export function spansOf({ text }: Page): readonly string[] {
  return [...withoutFences(text).matchAll(/`([^`\n]+)`/g)].map(([, span]) => span!);
}

/** Targets of the links of a page that lead to no other site. */
export function linksOf({ text }: Page): readonly string[] {
  const prose = withoutFences(text).replaceAll(/`[^`\n]+`/g, '');
  return [...prose.matchAll(/\]\((?![a-z]+:)([^)\s]+)\)/g)].map(([, target]) => target!);
}

/** What links behind `#` can lead to on a page, as the usual Git hosts make it from headings. */
export function anchorsOf({ text }: Page): ReadonlySet<string> {
  const headings = [...withoutFences(text).matchAll(/^#{1,6} +(.+?) *#*$/gm)].map(([, heading]) => heading!);
  const counts = new Map<string, number>();
  return new Set(
    headings.map((heading) => {
      const slug = slugOf(heading);
      const count = counts.get(slug) ?? 0;
      counts.set(slug, count + 1);
      return count === 0 ? slug : `${slug}-${count}`;
    }),
  );
}

function slugOf(heading: string): string {
  const shown = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
  return shown.replaceAll(/[^\p{Letter}\p{Number}\p{Mark} _-]/gu, '').replaceAll(' ', '-');
}

function withoutFences(text: string): string {
  return text.replaceAll(/^[ ]*```[^]*?^[ ]*```$/gm, '');
}

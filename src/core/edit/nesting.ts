import { Lexer } from 'yaml';

/**
 * Throws an Error when a YAML text is nested so deeply that taking it apart could exhaust the stack, which would end the
 * whole process. Real files stay far below.
 */
export function checkNesting(text: string): void {
  let [flow, column, isLeading] = [0, 0, true];
  for (const token of new Lexer().lex(text)) {
    const [first] = token;
    if (first === '[' || first === '{') flow += token.length === 1 ? 1 : 0;
    else if (token === ']' || token === '}') flow = Math.max(0, flow - 1);
    if (first === '\n' || first === '\r') [column, isLeading] = [0, true];
    else if (isLeading && isIndent.test(token)) column += token.length;
    else isLeading = false;
    if (flow > maximumFlow || column > maximumColumn) throw new Error('the YAML is nested too deeply');
  }
}

/** Levels of `[]` and `{}`. */
const maximumFlow = 128;

/** Columns of white space, dashes and question marks before the first word of a line: as many levels at most. */
const maximumColumn = 256;

/** The mark of a new document stands before its first line. */
const isIndent = /^(?: +|\t+|[-?:\x02\uFEFF])$/;

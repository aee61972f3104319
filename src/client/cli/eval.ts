import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Json } from '../../core/json.ts';
import { InvalidInput } from '../errors.ts';
import { argument, defineCommand, option } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { printResult } from './output.ts';

interface Options {
  readonly template?: boolean;
  readonly context?: string;
}

export const evaluate = defineCommand<Options>({
  name: 'eval',
  summary: 'Evaluate an expression',
  description:
    'The context is a file (JSON or YAML) with the names that the expression reads: ctx, vars, outputs, and so on. What is ' +
    'below its "freight" is the Freight of imageFrom() and the like, below "secrets" and "configMaps" what secret() and ' +
    'configMap() find.',
  arguments: [argument('<expression>', 'what to evaluate')],
  options: [
    option('--template', 'the expression is a text with ${{ }} in it, as in a config'),
    option('--context <file>', 'what the expression can read'),
  ],
  examples: [
    `gantry eval '1 + 1'`,
    `gantry eval 'imageFrom("my/image").Tag + "-" + ctx.stage' --context ctx.json`,
    `gantry eval --template 'stage/\${{ ctx.stage }}' --context ctx.json -o json`,
  ],
  async run(call) {
    const { args, options, terminal } = call;
    const [text = ''] = args;
    const context = options.context === undefined ? {} : await readContext(options.context, terminal.cwd);
    const { evaluateText } = await import('../evaluate-text.ts');
    const json = evaluateText(text, options.template ?? false, context, new Date());
    if (call.output === 'json') terminal.out.write(`${json}\n`);
    else await printResult(call, JSON.parse(json), () => `${plainText(json)}\n`);
    return exitCodes.succeeded;
  },
});

async function readContext(name: string, cwd: string): Promise<Json> {
  const { parseDocument } = await import('yaml');
  const text = await readFile(resolve(cwd, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new InvalidInput(
      `--context ${name}: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`,
    );
  });
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw new InvalidInput(`--context ${name}: ${error.message.trimEnd()}`);
  return document.toJS({ maxAliasCount: 100 }) as Json;
}

/** Texts as they are; everything else as JSON. */
function plainText(json: string): string {
  return json.startsWith('"') ? (JSON.parse(json) as string) : json;
}

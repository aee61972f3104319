import type { Problem } from '../../core/problem.ts';
import { errorsOf, formatProblem } from '../../core/problem.ts';
import { InvalidInput } from '../errors.ts';
import { argument, defineCommand } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { printResult } from './output.ts';

export const validate = defineCommand({
  name: 'validate',
  summary: 'Check definitions; needs no server',
  description: 'Every problem is shown with its place. Exit code 2 when there is one; warnings stop nothing.',
  arguments: [argument('[path...]', 'folders and files (default: the definitions of the settings)')],
  examples: ['gantry validate ./pipelines', 'gantry validate stages.yaml tasks.yaml -o json'],
  async run(call) {
    const { settings, terminal, args } = call;
    const paths = args.length > 0 ? args : settings.definitions ? [settings.definitions] : [];
    if (paths.length === 0) throw new InvalidInput('Say what to check: gantry validate ./pipelines');
    const { loadCatalogue, readDefinitionPaths } = await import('../definitions.ts');
    const { files, definitions } = await readDefinitionPaths(paths, terminal.cwd);
    const { checkDefinitions } = await import('../../core/promotion/check-definitions.ts');
    const problems = checkDefinitions(definitions, await loadCatalogue());
    const texts = new Map(files.map(({ name, text }) => [name, text]));
    const { drawCodeFrame } = await import('../code-frame.ts');
    await printResult(call, { problems: problems.map(flatten), files: files.length }, () =>
      [
        ...problems.map((problem) => draw(problem, texts, drawCodeFrame)),
        summary(problems, files.length),
      ].join('\n'),
    );
    return errorsOf(problems).length ? exitCodes.invalid : exitCodes.succeeded;
  },
});

function draw(
  problem: Problem,
  texts: ReadonlyMap<string, string>,
  drawCodeFrame: (text: string, position: { line: number; column: number }) => string,
): string {
  const { source, line, column = 1 } = problem.place;
  const text = source === undefined ? undefined : texts.get(source);
  const frame = text === undefined || line === undefined ? '' : drawCodeFrame(text, { line, column });
  return `${formatProblem(problem)}\n${frame && `${frame}\n`}`;
}

function summary(problems: readonly Problem[], files: number): string {
  const errors = errorsOf(problems).length;
  const warnings = problems.length - errors;
  const parts = [
    `${files} ${files === 1 ? 'file' : 'files'}`,
    `${errors} ${errors === 1 ? 'problem' : 'problems'}`,
    ...(warnings ? [`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`] : []),
  ];
  return `${parts.join(', ')}\n`;
}

/** For programs: the place beside the message. */
function flatten({ message, severity = 'error', place }: Problem): object {
  return { severity, message, ...place };
}

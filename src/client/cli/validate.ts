import { errorsOf, warningsOf, type Problem } from '../../core/problem.ts';
import { InvalidInput } from '../errors.ts';
import { stepModules } from '../settings.ts';
import { argument, defineCommand, option, settingOption } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { printResult } from './output.ts';

interface ValidateOptions {
  readonly strict?: boolean;
}

export const validate = defineCommand<ValidateOptions>({
  name: 'validate',
  summary: 'Check definitions; needs no server',
  description: [
    'Every problem is shown at once, under the line it is about. Warnings point at what is allowed and most likely a',
    'mistake. Exit code 2 when there is a problem, with --strict also when there is a warning.',
  ].join('\n'),
  arguments: [argument('[path...]', 'folders and files (default: the definitions of the settings)')],
  options: [option('--strict', 'let warnings fail, too'), settingOption('steps')],
  examples: ['gantry validate ./pipelines', 'gantry validate stages.yaml tasks.yaml --strict -o json'],
  async run(call) {
    const { settings, terminal, args, options } = call;
    const paths = args.length > 0 ? args : settings.definitions ? [settings.definitions] : [];
    if (paths.length === 0) throw new InvalidInput('Say what to check: gantry validate ./pipelines');
    const { loadCatalogue, readDefinitionPaths } = await import('../definitions.ts');
    const { files, definitions } = await readDefinitionPaths(paths, terminal.cwd);
    const { checkDefinitions } = await import('../../core/promotion/check-definitions.ts');
    const problems = checkDefinitions(definitions, await loadCatalogue(stepModules(settings)));
    const { count, countProblems, explainProblems } = await import('../explain-problems.ts');
    await printResult(call, { problems: problems.map(flatten), files: files.length }, () => {
      const summary = `${count(files.length, 'file')}, ${countProblems(problems)}\n`;
      return problems.length > 0 ? `${explainProblems(problems, files)}\n\n${summary}` : summary;
    });
    const isInvalid = errorsOf(problems).length > 0 || (options.strict && warningsOf(problems).length > 0);
    return isInvalid ? exitCodes.invalid : exitCodes.succeeded;
  },
});

/** For programs: the place beside the message. */
function flatten({ message, severity = 'error', place }: Problem): object {
  return { severity, message, ...place };
}

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands } from '../../../src/client/cli/commands.ts';
import { runGantry } from '../../support/cli.ts';

describe('completion of command lines', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-completion-'));
  after(() => rmSync(folder, { recursive: true }));
  before(async () => {
    mkdirSync(join(folder, 'pipelines'));
    writeFileSync(join(folder, 'pip.yaml'), '');
    writeFileSync(join(folder, 'with blank.yaml'), '');
    // Says what it was asked.
    writeFileSync(join(folder, 'gantry'), '#!/bin/sh\necho "$*"\n', { mode: 0o755 });
    writeFileSync(join(folder, '.completion'), (await runGantry(['completion', 'bash'])).stdout);
  });

  /** What bash offers; the last word is the one under the cursor. */
  function complete(words: readonly string[]): string[] {
    const test =
      'source .completion; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _gantry; printf "%s\\n" "${COMPREPLY[@]}"';
    const argv = ['--norc', '--noprofile', '-c', test, 'bash', 'gantry', ...words];
    const text = execFileSync('bash', argv, {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${folder}:${process.env['PATH']}` },
    });
    return text.split('\n').filter(Boolean);
  }

  const cases: readonly [string, readonly string[], readonly string[]][] = [
    ['commands', ['prom'], ['promote', 'promotion', 'promotions']],
    ['global options before a command', ['--conf'], ['--config']],
    ['commands after a global option', ['--data', 'x', 'promot'], ['promote', 'promotion', 'promotions']],
    ['not the value of a global option as a command', ['--data', 'dev', 'wat'], ['watch']],
    ['options of a command', ['promote', '--pro'], ['--project', '--promotion-timeout']],
    ['global options after a command', ['version', '--out'], ['--output']],
    ['choices', ['promote', '--on-failure', ''], ['fail', 'hold']],
    ['choices of a short option', ['steps', '-o', 'j'], ['json']],
    ['choices after =', ['dev', '--log-level', '=', 'de'], ['debug']],
    ['choices after = at once', ['dev', '--log-format', '='], ['text', 'json']],
    ['choices of an argument', ['clean', 'data', 'w'], ['workspaces']],
    ['shells', ['completion', ''], ['bash', 'zsh', 'fish']],
    ['folders', ['--data', 'pip'], ['pipelines']],
    ['files', ['promote', '--freight', 'pip'], ['pipelines', 'pip.yaml']],
    ['files with blanks', ['promote', '--freight', 'with'], ['with blank.yaml']],
    ['files as arguments', ['validate', 'pip'], ['pipelines', 'pip.yaml']],
    ['nothing where nobody can guess', ['promote', '--actor', ''], []],
    ['commands of help', ['help', 'promote'], ['promote']],
    ['promotions, as gantry knows them', ['abort', 'demo'], ['complete promotions -- demo']],
    [
      'promotions of the data folder that is named',
      ['--data', 'x y', 'watch', ''],
      ['complete promotions --data x y -- '],
    ],
  ];
  for (const [title, words, expected] of cases) {
    it(`in bash offers ${title}`, () => assert.deepEqual(complete(words).sort(), [...expected].sort()));
  }

  for (const shell of ['bash', 'zsh', 'fish']) {
    it(`in ${shell} knows every command and option, and quotes what it says of them`, async () => {
      const { code, stdout } = await runGantry(['completion', shell]);
      assert.equal(code, 0);
      for (const { name, options = [] } of commands) {
        assert.ok(stdout.includes(name), name);
        for (const { long } of options) {
          const spelled = shell === 'fish' ? ` -l ${long!.slice(2)} ` : long!;
          assert.ok(stdout.includes(spelled), `${name} ${long}`);
        }
      }
      // What a description holds must not end the quotes around it.
      const unquoted = stdout.replaceAll(/'\\''|\\'/g, '').replaceAll(/'[^']*'/g, '');
      if (shell !== 'bash') assert.doesNotMatch(unquoted, /'|\(default|GANTRY_/);
    });
  }
});

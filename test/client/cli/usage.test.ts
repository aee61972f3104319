import assert from 'node:assert/strict';
import { runGantry } from '../../support/cli.ts';

describe('usage errors end with 2, name what is wrong and print nothing on standard output', () => {
  const cases: readonly [string, RegExp][] = [
    ['promot', /unknown command 'promot'\n\(Did you mean promote\?\)/],
    ['promote --projct demo', /unknown option '--projct'\n\(Did you mean --project\?\)/],
    ['promote --stage test', /--project, --freight are missing/],
    ['promote --project p --stage s', /--freight is missing/],
    ['promote --project p --stage s --freight f --on-failure explode', /Allowed choices are fail, hold/],
    ['promote --project p --stage s --freight f --timeout soon', /--timeout soon: write a duration/],
    ['promote --project p --stage s --freight f --timeout 0s', /--timeout 0s: write a duration/],
    ['promote --project p --stage s --freight f --var x', /--var x: write a variable as name=value/],
    ['promote --project p --stage s --freight gone.yaml', /--freight gone.yaml: there is no such file/],
    ['version -o xml', /argument 'xml' is invalid. Allowed choices are table, json, yaml/],
    ['version --outptu json', /Did you mean --output/],
    ['version twice', /too many arguments/],
    ['dev --port many', /--port many: write a port number/],
    ['dev --port 65000', /at most 64535/],
    ['dev --log-level loud', /Allowed choices are debug, info, warn, error/],
    ['dev --tools pth', /^--tools is "pth": write auto, path, or a folder .*did you mean "path"\?/],
    ['--config nowhere.yaml tools', /^The settings file nowhere.yaml cannot be read: there is no such file/],
    ['watch', /missing required argument 'promotion'/],
    ['watch demo/test/x --timeout soon', /--timeout soon: write a duration/],
    ['clean everything', /Allowed choices are data, workspaces, bundles, tools/],
    ['completion tcsh', /Allowed choices are bash, zsh, fish/],
    ['validate', /Say what to check/],
    ['', /Usage: gantry/],
  ];

  for (const [line, message] of cases) {
    it(`gantry ${line}`, async () => {
      const { code, stdout, stderr } = await runGantry(line.split(' ').filter(Boolean));
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /\n {4}at /);
      assert.equal(stdout, '');
      assert.equal(code, 2);
    });
  }

  it('names the variable that holds a bad value', async () => {
    const { code, stderr } = await runGantry(['tools'], { env: { GANTRY_LOG_FORMAT: 'xml' } });
    assert.equal(stderr, 'GANTRY_LOG_FORMAT is "xml": choose one of text, json\n');
    assert.equal(code, 2);
  });
});

describe('gantry version', () => {
  it('prints in every format', async () => {
    assert.match((await runGantry(['version'])).stdout, /^gantry \d+\.\d+\.\d+\n$/);
    assert.match((await runGantry(['-o', 'yaml', 'version'])).stdout, /^version: \d.*\nnode: /);
    const { stdout, code } = await runGantry(['version', '-o', 'json']);
    assert.deepEqual(Object.keys(JSON.parse(stdout) as object), ['version', 'node', 'temporalSdk']);
    assert.equal(code, 0);
  });
});

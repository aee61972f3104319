import assert from 'node:assert/strict';
import { referencesOf } from '../../../src/core/template/references.ts';

type Kind = 'outputs' | 'vars' | 'taskOutputs' | 'stepMetas' | 'functions' | 'names';

describe('references', () => {
  const table: readonly (readonly [string, Kind, readonly string[] | 'all'])[] = [
    ['${{ outputs.a.b }}', 'outputs', ['a']],
    ["${{ outputs['a-b'].c + outputs?.d }}", 'outputs', ['a-b', 'd']],
    ['${{ outputs?.["x"] }}', 'outputs', ['x']],
    ['${{ outputs[vars.x].c }}', 'outputs', 'all'],
    ['${{ outputs }}', 'outputs', 'all'],
    ['${{ $env }}', 'outputs', 'all'],
    ['${{ outputs.Get("a") }}', 'outputs', 'all'],
    ['${{ len(outputs) }}', 'outputs', 'all'],
    ['outputs.a', 'outputs', []],
    ['${{ outputs.a + }}', 'outputs', []],
    ['${{ task.outputs.clone.commit }}', 'taskOutputs', ['clone']],
    ["${{ task['outputs']['clone'] }}", 'taskOutputs', ['clone']],
    ['${{ task.outputs }}', 'taskOutputs', 'all'],
    ['${{ task }}', 'taskOutputs', 'all'],
    ['${{ stepMetas.push.Status }}', 'stepMetas', ['push']],
    ['${{ vars.a }} ${{ vars["b"] }}', 'vars', ['vars', 'a', 'b']],
    ['${{ chartRepo }}', 'vars', ['chartRepo']],
    ['${{ secret("a").b | upper() }}', 'functions', ['secret', 'upper']],
    ['${{ secrets.a.b }}', 'names', ['secrets']],
    ['${{ quote({"a": "x ${{ outputs.pr.url }}"}) }}', 'outputs', ['pr']],
    ['${{ map(outputs.a.list, outputs.b[#]) }}', 'outputs', ['a', 'b']],
  ];
  for (const [text, kind, expected] of table) {
    it(`${text}: ${kind}`, () => {
      const found = referencesOf({ deep: [text], '${{ outputs.key }}': 1 })[kind];
      assert.deepEqual(
        found === 'all' ? found : [...found].sort(),
        expected === 'all' ? expected : [...expected].sort(),
      );
    });
  }
});

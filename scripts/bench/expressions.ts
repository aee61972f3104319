import { evaluate } from '../../src/core/expression/evaluate.ts';
import { compileExpression } from '../../src/core/expression/expression.ts';
import type { FunctionTable } from '../../src/core/expression/function.ts';
import { createEnvironment } from '../../src/core/promotion/environment.ts';
import { evaluateConfig } from '../../src/core/template/config.ts';
import { createFunctionTable } from '../../src/core/expression/function.ts';
import { stepFunctions } from '../../src/core/template/functions/index.ts';
import { scopeWith } from '../../test/core/promotion/scope.ts';
import { median, time, type Measure } from './measure.ts';

const rounds = 11;
/** What the reference takes on the machine the bars were set on, idle, in microseconds. */
const referenceMicroseconds = 1.2;

const scope = scopeWith({ promotionVars: [{ name: 'repo', value: 'registry.example/app' }] });
const environment = createEnvironment(scope, { place: 'config' });

/** The cost of expressions against that of reading a small JSON document, so that the machine does not matter. */
export async function measureExpressions(): Promise<readonly Measure[]> {
  return [
    await compare(
      'expressions/compile',
      1e6 / 30_000,
      compileAll,
      ({ each }) => `${perSecond(each)} parsed and checked a second`,
    ),
    await compare(
      'expressions/evaluate',
      1e6 / 300_000,
      evaluateOne,
      ({ each }) => `${perSecond(each)} evaluated a second`,
    ),
    await compare(
      'expressions/config',
      1000,
      evaluateDocument,
      ({ each }) => `${(each / 1000).toFixed(3)} ms for 40 templates`,
    ),
  ];
}

/** One piece of work, so many times. */
interface Work {
  readonly count: number;
  readonly run: () => void;
}

const typical = [
  'vars.repo',
  'ctx.stage',
  'outputs.push.commit',
  "outputs['open-pr'].prNumber",
  'imageFrom(vars.repo).Tag',
  'commitFrom(vars.gitRepo, warehouse("base")).ID',
  'status("push") == "Succeeded" and not failure()',
  'vars.replicas > 2 ? "large" : "small"',
  'outputs?.push?.branch ?? "main"',
  'quote(semverParse(imageFrom(vars.repo).Tag).Major)',
  'filter(vars.hosts, # startsWith "a") | map(upper(#)) | join(",")',
  "imageFrom(vars.repo).Tag + '-' + ctx.stage",
];

/** A table of functions of its own each time: nothing is known yet. */
function compileAll(): Work {
  const tables = Array.from({ length: 100 }, (): FunctionTable =>
    createFunctionTable([...stepFunctions.values()]),
  );
  return {
    count: tables.length * typical.length,
    run: () => {
      for (const table of tables) for (const text of typical) compileExpression(text, table);
    },
  };
}

function evaluateOne(): Work {
  const tree = compileExpression("imageFrom(vars.repo).Tag + '-' + ctx.stage", stepFunctions);
  const count = 20_000;
  return {
    count,
    run: () => {
      for (let round = 0; round < count; round++) evaluate(tree, environment);
    },
  };
}

function evaluateDocument(): Work {
  const fields = Array.from({ length: 40 }, (_, index) => [
    `field${index}`,
    `release-\${{ imageFrom(vars.repo).Tag }}-\${{ ctx.stage }}`,
  ]);
  const config = Object.fromEntries(fields) as Record<string, string>;
  const count = 50;
  return {
    count,
    run: () => {
      for (let round = 0; round < count; round++) evaluateConfig(config, environment, () => undefined);
    },
  };
}

async function compare(
  id: string,
  barMicroseconds: number,
  prepare: () => Work,
  explain: (times: { readonly each: number }) => string,
): Promise<Measure> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = -2; round < rounds; round++) {
    const { count, run } = prepare();
    const mine = ((await time(run)) * 1000) / count;
    const other = ((await time(readDocuments)) * 1000) / documents;
    if (round < 0) continue;
    ours.push(mine);
    theirs.push(other);
  }
  const [each, reference] = [median(ours), median(theirs)];
  const limit = barMicroseconds / referenceMicroseconds;
  const ratio = each / reference;
  const detail = `${explain({ each })} (bar at ${barMicroseconds.toFixed(1)} µs each: ${each.toFixed(2)} µs; reference ${reference.toFixed(2)} µs)`;
  return { id, ratio, limit, ok: ratio <= limit, detail };
}

const documents = 4000;
const document = JSON.stringify({
  metadata: { name: 'test', namespace: 'demo', labels: { team: 'web', tier: 'front' } },
  spec: { replicas: 3, image: 'registry.example/app:1.2.3', ports: [80, 443], enabled: true, owner: null },
});

function readDocuments(): void {
  for (let round = 0; round < documents; round++) JSON.parse(document);
}

function perSecond(microseconds: number): string {
  return Math.round(1e6 / microseconds).toLocaleString('en');
}

import assert from 'node:assert/strict';
import { InvalidInput } from '../../src/client/errors.ts';
import { visibilityQuery, type PromotionFilter } from '../../src/client/promotion-query.ts';

const registered = new Set(['GantryProject', 'GantryStage', 'GantryFreight', 'GantryPhase', 'GantryActor']);
const none = new Set<string>();
const base = `WorkflowType = 'promotion' AND ExecutionStatus != 'ContinuedAsNew'`;

describe('visibility queries', () => {
  const cases: readonly [string, PromotionFilter, ReadonlySet<string>, string][] = [
    ['everything', {}, registered, ''],
    [
      'a project: also what has no attributes yet',
      { project: 'demo' },
      registered,
      ` AND (GantryProject = 'demo' OR WorkflowId STARTS_WITH 'promotion/demo/')`,
    ],
    ['a project by id', { project: 'demo' }, none, ` AND WorkflowId STARTS_WITH 'promotion/demo/'`],
    [
      'a Stage of a project',
      { project: 'demo', stage: 'test' },
      registered,
      ` AND (GantryProject = 'demo' AND GantryStage = 'test' OR WorkflowId STARTS_WITH 'promotion/demo/test/')`,
    ],
    [
      'a Stage of any project by id: what is found is looked through',
      { stage: 'test' },
      none,
      ` AND WorkflowId STARTS_WITH 'promotion/'`,
    ],
    ['a phase that the status tells', { phase: 'Aborted' }, none, ` AND ExecutionStatus = 'Canceled'`],
    [
      'Failed, which Errored is not',
      { phase: 'Failed' },
      registered,
      ` AND ExecutionStatus = 'Failed' AND (GantryPhase IS NULL OR GantryPhase != 'Errored')`,
    ],
    ['Failed where nobody can tell', { phase: 'Failed' }, none, ` AND ExecutionStatus = 'Failed'`],
    [
      'Errored',
      { phase: 'Errored' },
      registered,
      ` AND ExecutionStatus = 'Failed' AND GantryPhase = 'Errored'`,
    ],
    ['Freight by its beginning', { freight: 'f5f8' }, registered, ` AND GantryFreight STARTS_WITH 'f5f8'`],
    ['an actor', { actor: 'alice' }, registered, ` AND GantryActor = 'alice'`],
    [
      'a time',
      { since: new Date('2026-05-01T08:00:00Z') },
      none,
      ` AND StartTime >= '2026-05-01T08:00:00.000Z'`,
    ],
    ['a query of its own, as a whole', { query: 'A = 1 OR B = 2' }, none, ' AND (A = 1 OR B = 2)'],
    [
      'texts that would end the quotes',
      { actor: String.raw`o'neil\' OR '1' = '1` },
      registered,
      String.raw` AND GantryActor = 'o\'neil\\\' OR \'1\' = \'1'`,
    ],
  ];
  for (const [title, filter, attributes, expected] of cases) {
    it(`find ${title}`, () => assert.equal(visibilityQuery(filter, attributes), base + expected));
  }

  const refusals: readonly [PromotionFilter, RegExp][] = [
    [
      { actor: 'alice' },
      /^--actor: this namespace has no search attribute GantryActor\. Register it once: temporal /,
    ],
    [{ freight: 'f5' }, /^--freight: .*GantryFreight/],
    [{ phase: 'Errored' }, /^--phase Errored: .*GantryPhase/],
  ];
  for (const [filter, message] of refusals) {
    it(`refuse ${JSON.stringify(filter)} without search attributes`, () =>
      assert.throws(
        () => visibilityQuery(filter, none),
        (error) => error instanceof InvalidInput && message.test(error.message),
      ));
  }
});

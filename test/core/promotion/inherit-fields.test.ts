import assert from 'node:assert/strict';
import { catalogue, manifest, plan, problemsOf, stage, worldOf } from './plan-rig.ts';

describe('fields that a step takes over from another', () => {
  const waiter = {
    ...catalogue.get('wait')!,
    inherits: { kind: 'plain', fields: ['repoURL', 'provider'], required: 'repoURL' },
  };
  const world = (steps: string, more = '') =>
    worldOf(stage(steps) + more, { catalogue: new Map([...catalogue, ['wait', waiter]]) });
  const opener = (alias: string, config = '{repoURL: "${{ vars.x }}", provider: gitea, title: t}') =>
    `      - uses: plain\n        as: ${alias}\n        config: ${config}\n`;
  const wait = (config = '{k: 1}') => `      - uses: wait\n        config: ${config}\n`;

  const planned = (steps: string, more?: string) => {
    const planning = plan({}, world(steps, more));
    assert.deepEqual(problemsOf(planning), []);
    return planning.plan!.steps.at(-1)!.config;
  };
  const refused = (steps: string) => problemsOf(plan({}, world(steps))).join('\n');

  it('come as written from the only such step before it', () => {
    assert.deepEqual(planned(opener('open') + wait()), { repoURL: '${{ vars.x }}', provider: 'gitea', k: 1 });
  });

  it('leave alone what the step says itself, all of it when it names the repository', () => {
    assert.deepEqual(planned(opener('open') + wait('{provider: github}')), {
      repoURL: '${{ vars.x }}',
      provider: 'github',
    });
    assert.deepEqual(planned(opener('open') + wait('{repoURL: r}')), { repoURL: 'r' });
  });

  it('come from inside a task, too', () => {
    const inner = '    - uses: plain\n      as: open\n      config: {repoURL: r}\n';
    const task = manifest('PromotionTask', 'propose', `spec:\n  steps:\n${inner}`);
    assert.deepEqual(planned(`      - task: {name: propose}\n        as: t\n${wait()}`, task), {
      repoURL: 'r',
      k: 1,
    });
  });

  it('are asked for where there is no such step, none before it, or several', () => {
    const none = /config\.repoURL: is required: there is no plain before it to take it from/;
    assert.match(refused(wait()), none);
    assert.match(refused(wait() + opener('open')), none);
    assert.match(refused(opener('a') + opener('b') + wait()), /several plain before it: a, b/);
  });
});

import assert from 'node:assert/strict';
import { createActivities, type ActivityParts } from '../../src/activities/index.ts';
import { steps } from '../../src/activities/steps/index.ts';

describe('activities of a worker', () => {
  const surroundings = { workspaces: {} } as ActivityParts['surroundings'];
  const plan = () => Promise.reject(new Error('no plan'));
  const { main, io, host } = createActivities({ steps, surroundings, plan, tools: {} });

  it('have every kind of step where its declaration says', () => {
    const queues = { anywhere: main, io, workspace: host } as const;
    for (const { kind, place } of steps) assert.ok(kind in queues[place], `${kind} at ${place}`);
  });

  it('have steps that take a file from the workspace where the files are', () => {
    const retry = { errorThreshold: 1, backoff: { initial: 1, factor: 1, max: 1 } };
    const moved = steps.filter(
      ({ place, traits }) =>
        place !== 'workspace' && traits?.({ bodyFromFile: 'x' }, retry).place === 'workspace',
    );
    assert.deepEqual(moved.map(({ kind }) => kind).sort(), ['http', 'http-post']);
    for (const { kind } of moved) assert.ok(kind in host, kind);
  });
});

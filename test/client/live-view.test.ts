import assert from 'node:assert/strict';
import { createScreen } from '../../src/client/cli/screen.ts';
import type { PromotionEvent } from '../../src/client/events.ts';
import { drawView } from '../../src/client/present/draw.ts';
import { createPaint } from '../../src/client/present/paint.ts';
import { openPresenter } from '../../src/client/present/presenter.ts';
import { applyEvent, emptyView } from '../../src/client/present/view.ts';
import type { PromotionStatus } from '../../src/core/promotion/status.ts';
import { EmulatedTerminal } from '../support/emulated-terminal.ts';

const at = '2026-01-01T00:00:00Z';
const now = Date.parse(at) + 3000;
const freight = {
  name: 'f5f87aa23c',
  alias: 'amber-otter',
  commits: [],
  images: [],
  charts: [],
  artifacts: [],
};
const started: PromotionEvent = {
  kind: 'started',
  workflowId: 'promotion/demo/test/01j',
  url: 'http://ui/01j',
};
const steps = [
  { alias: 'clone', uses: 'git-clone' },
  { alias: 'push', uses: 'git-push' },
  { alias: 'wait', uses: 'git-wait-for-pr' },
];
const planned: PromotionEvent = { kind: 'planned', stage: 'test', freight, steps };
const status: PromotionStatus = {
  name: '01j',
  project: 'demo',
  stage: 'test',
  phase: 'Failed',
  message: 'step "push" failed: no route\nto host',
  startedAt: at,
  finishedAt: '2026-01-01T00:00:03Z',
  currentStep: 1,
  stepExecutionMetadata: [],
  healthChecks: [],
  commits: [],
};
const head = [
  'Promotion  promotion/demo/test/01j',
  'Web UI     http://ui/01j',
  'Freight    amber-otter (f5f87aa) to test',
];
const cloned: PromotionEvent[] = [
  { kind: 'step-started', step: 'clone', at },
  { kind: 'step-finished', step: 'clone', status: 'Succeeded', duration: 1200 },
];
const pushing: PromotionEvent[] = [...cloned, { kind: 'step-started', step: 'push', at }];
const commit = { step: 'push', repoURL: 'file:///r', branch: 'stage/test', sha: '0123456789abcdef' };
const plain = createPaint({ isTTY: false }, {});

function draw(events: readonly PromotionEvent[], height?: number): readonly string[] {
  const view = events.reduce(applyEvent, emptyView);
  return drawView(view, { paint: plain, now, ...(height !== undefined && { height }) });
}

describe('the view of a promotion', () => {
  const cases: readonly [string, readonly PromotionEvent[], readonly string[]][] = [
    [
      'shows all steps of the plan, and the time of the one under way',
      pushing,
      ['  ✓ clone  git-clone        1.2s', '  ⠋ push   git-push         3s', '  · wait   git-wait-for-pr'],
    ],
    [
      'shows errors, when it is tried again, and why',
      [
        ...pushing,
        {
          kind: 'step-trouble',
          step: 'push',
          errors: 2,
          message: 'no route\nto host',
          retryAt: '2026-01-01T00:00:07.5Z',
        },
      ],
      [
        '  ✓ clone  git-clone        1.2s',
        '  ⠋ push   git-push         3s  2 errors  again in 5s',
        '      no route',
        '  · wait   git-wait-for-pr',
      ],
    ],
    [
      'shows what a step waits for, until it is over',
      [...cloned, { kind: 'step-waiting', step: 'wait', message: 'not merged' }],
      [
        '  ✓ clone  git-clone        1.2s',
        '  · push   git-push',
        '  · wait   git-wait-for-pr',
        '      not merged',
      ],
    ],
    [
      'shows commits under their step',
      [
        ...pushing,
        { kind: 'step-finished', step: 'push', status: 'Succeeded', duration: 500 },
        { kind: 'commit-pushed', commit },
      ],
      [
        '  ✓ clone  git-clone        1.2s',
        '  ✓ push   git-push         500ms',
        '      stage/test 0123456789ab file:///r',
        '  · wait   git-wait-for-pr',
      ],
    ],
    [
      'shows what it waits for',
      [{ kind: 'waiting', waitingFor: { kind: 'turn', since: at } }],
      [
        '  · clone  git-clone',
        '  · push   git-push',
        '  · wait   git-wait-for-pr',
        '  … waits for its turn: another promotion of this Stage is under way',
      ],
    ],
    [
      'shows how to answer when it is held, until somebody does; then the step begins anew',
      [
        ...pushing,
        { kind: 'step-finished', step: 'push', status: 'Failed', duration: 500, message: 'no key' },
        { kind: 'held', step: 'push', since: at, options: ['retry'], answers: ['gantry retry x'] },
      ],
      [
        '  ✓ clone  git-clone        1.2s',
        '  ✗ push   git-push         500ms  Failed',
        '      no key',
        '  · wait   git-wait-for-pr',
        '  … held at push: decide to retry',
        '      gantry retry x',
      ],
    ],
    [
      'shows what somebody did, and the step as it begins anew',
      [
        ...pushing,
        { kind: 'step-finished', step: 'push', status: 'Failed', duration: 500, message: 'no key' },
        { kind: 'held', step: 'push', since: at, options: ['retry'] },
        { kind: 'decided', decision: 'retry', step: 'push', actor: 'bob', reason: 'key is back', at },
        { kind: 'step-started', step: 'push', at: '2026-01-01T00:00:01Z' },
        {
          kind: 'waiting-over',
          waitingFor: { kind: 'decision', step: 'push', since: at, options: ['retry'] },
        },
      ],
      [
        '  ✓ clone  git-clone        1.2s',
        '  ⠋ push   git-push         2s',
        '  · wait   git-wait-for-pr',
        '  bob runs push again: key is back',
      ],
    ],
    [
      'shows a pause until it is over',
      [...pushing, { kind: 'paused', actor: 'bob', at }, { kind: 'resumed', actor: 'eve', at }],
      ['  ✓ clone  git-clone        1.2s', '  ⠋ push   git-push         3s', '  · wait   git-wait-for-pr'],
    ],
    [
      'forgets that it waited',
      [
        { kind: 'waiting', waitingFor: { kind: 'turn', since: at } },
        { kind: 'waiting-over', waitingFor: { kind: 'turn', since: at } },
      ],
      ['  · clone  git-clone', '  · push   git-push', '  · wait   git-wait-for-pr'],
    ],
    [
      'shows a lost connection, then only what came of it',
      [{ kind: 'connection-lost', message: 'refused\nby x' }, { kind: 'worker-missing' }],
      [
        '  · clone  git-clone',
        '  · push   git-push',
        '  · wait   git-wait-for-pr',
        '  … no worker answers: start one with `gantry worker` or `gantry dev`',
      ],
    ],
    [
      'is rid of trouble when it is over',
      [{ kind: 'connection-lost', message: 'refused' }, { kind: 'connection-restored' }],
      ['  · clone  git-clone', '  · push   git-push', '  · wait   git-wait-for-pr'],
    ],
    [
      'shows the end',
      [
        ...pushing,
        { kind: 'step-finished', step: 'push', status: 'Errored', message: 'no route', duration: 3000 },
        { kind: 'step-finished', step: 'wait', status: 'Skipped' },
        { kind: 'finished', status },
      ],
      [
        '  ✓ clone  git-clone        1.2s',
        '  ✗ push   git-push         3s  Errored',
        '      no route',
        '  - wait   git-wait-for-pr  Skipped',
        'Failed in 3s: step "push" failed: no route',
        '      to host',
      ],
    ],
  ];
  for (const [title, events, lines] of cases) {
    it(title, () => assert.deepEqual(draw([started, planned, ...events], 50), [...head, ...lines]));
  }

  it('knows steps that ran before the plan was known, and those of no plan', () => {
    const lines = draw([started, ...cloned, { ...planned, steps: [] }]);
    assert.deepEqual(lines.slice(3), ['  ✓ clone  1.2s']);
    assert.deepEqual(draw([started, ...cloned, planned]).slice(3, 5), [
      '  ✓ clone  git-clone        1.2s',
      '  · push   git-push',
    ]);
  });

  it('shows a refusal with every problem', () => {
    const lines = draw([
      started,
      { kind: 'refused', message: 'Invalid promotion: 2 problems:\n  - a\n  - b' },
    ]);
    assert.deepEqual(lines.slice(2), ['Invalid promotion: 2 problems:', '  - a', '  - b']);
  });

  it('keeps to its height: the step under way stays, with as many around it as there is room for', () => {
    const many = Array.from({ length: 30 }, (_, index) => ({ alias: `s${index}`, uses: 'x' }));
    const events: PromotionEvent[] = [started, { ...planned, steps: many }];
    for (let index = 0; index < 20; index += 1) {
      events.push({ kind: 'step-finished', step: `s${index}`, status: 'Succeeded' });
    }
    events.push({ kind: 'step-started', step: 's20', at });
    const lines = draw(events, 10);
    assert.equal(lines.length, 10);
    assert.deepEqual(lines.slice(3), [
      '  18 more steps',
      '  ✓ s18  x',
      '  ✓ s19  x',
      '  ⠋ s20  x  3s',
      '  · s21  x',
      '  · s22  x',
      '  7 more steps',
    ]);
    assert.equal(draw(events).length, 33);
  });
});

describe('the live view', () => {
  it('is one picture on a screen, and stays at the end', () => {
    const terminal = new EmulatedTerminal(60, 20);
    const screen = createScreen(terminal);
    const presenter = openPresenter(screen, { NO_COLOR: '1' }, 'text');
    for (const event of [started, planned, ...cloned]) presenter.show(event);
    screen.write('a warning\n');
    assert.match(terminal.text, /^a warning\nPromotion  (.|\n)*\n {2}· wait {3}git-wait-for-pr$/);
    presenter.show({ kind: 'finished', status: { ...status, phase: 'Succeeded' } });
    presenter.close();
    screen.write('after\n');
    assert.deepEqual(terminal.text.split('\n'), [
      'a warning',
      ...head,
      '  ✓ clone  git-clone        1.2s',
      '  · push   git-push',
      '  · wait   git-wait-for-pr',
      'Succeeded in 3s',
      'after',
    ]);
  });

  it('moves on by itself, until it is closed', async () => {
    const terminal = new EmulatedTerminal(60, 20);
    const written: string[] = [];
    const stream = {
      columns: 60,
      rows: 20,
      write: (text: string) => (written.push(text), terminal.write(text)),
    };
    const presenter = openPresenter(createScreen(stream), { NO_COLOR: '1' }, 'text');
    presenter.show(started);
    presenter.show({ kind: 'step-started', step: 'push', at: new Date().toISOString() });
    await new Promise((resolve) => setTimeout(resolve, 350));
    presenter.close();
    const count = written.length;
    assert.ok(count >= 4, `${count} pictures`);
    await new Promise((resolve) => setTimeout(resolve, 250));
    assert.equal(written.length, count);
  });

  it('is lines where nothing can be written over, and JSON lines for programs', () => {
    const show = (format: 'text' | 'json', surface: object): string => {
      let text = '';
      const presenter = openPresenter({ write: (more) => (text += more), ...surface }, {}, format);
      for (const event of [started, ...cloned]) presenter.show(event);
      presenter.close();
      return text;
    };
    assert.equal(show('text', {}), 'started  promotion/demo/test/01j\n  · clone\n  ✓ clone 1.2s\n');
    const lines = show('json', { show: () => assert.fail('drew') })
      .trim()
      .split('\n');
    assert.deepEqual(
      lines.map((line) => (JSON.parse(line) as { event: string }).event),
      ['started', 'step-started', 'step-finished'],
    );
  });
});

import assert from 'node:assert/strict';
import { NotYet, TerminalError, TransientError } from '../../src/core/errors.ts';

/** The same class from another copy of the package: what an own step throws that has one of its own. */
const foreign = (name: string, fields: object): Error => Object.assign(new Error('no'), { name, ...fields });

describe('errors that say whose turn it is', () => {
  it('are known by their name and shape, whichever copy of the package they come from', () => {
    assert.ok(foreign('TerminalError', { status: 'Failed' }) instanceof TerminalError);
    assert.ok(foreign('TransientError', { status: 'Errored' }) instanceof TransientError);
    assert.ok(foreign('NotYet', { retryIn: undefined }) instanceof NotYet);
    assert.ok(new NotYet('wait') instanceof NotYet);
  });

  it('are not taken for one another, nor for what only has the name', () => {
    assert.ok(!(new TerminalError('no') instanceof NotYet));
    assert.ok(!(foreign('TerminalError', {}) instanceof TerminalError));
    assert.ok(!(new Error('no') instanceof TransientError));
    assert.ok(!(({ name: 'NotYet', retryIn: 5 } as unknown) instanceof NotYet));
  });
});

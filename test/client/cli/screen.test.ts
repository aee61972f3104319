import assert from 'node:assert/strict';
import { createScreen } from '../../../src/client/cli/screen.ts';
import { EmulatedTerminal } from '../../support/emulated-terminal.ts';

describe('a screen', () => {
  function open(columns = 20, rows = 6) {
    const terminal = new EmulatedTerminal(columns, rows);
    return { terminal, screen: createScreen(terminal) };
  }

  it('writes over the lines at its bottom', () => {
    const { terminal, screen } = open();
    screen.show(['one', 'two']);
    screen.show(['three']);
    screen.show(['four', 'five', 'six']);
    assert.equal(terminal.text, 'four\nfive\nsix');
    screen.show([]);
    assert.equal(terminal.text, '');
  });

  it('puts what is written above them, each text on lines of its own', () => {
    const { terminal, screen } = open();
    screen.write('before\n');
    screen.show(['live']);
    screen.write('a\nb\n');
    screen.write('no line end');
    assert.equal(terminal.text, 'before\na\nb\nno line end\nlive');
    screen.show([]);
    screen.write('$ ');
    assert.equal(terminal.text, 'before\na\nb\nno line end\n$ ');
  });

  it('cuts lines that would wrap, wide characters and colours included', () => {
    const { terminal, screen } = open(10);
    screen.show(['0123456789', '部署部署部署', '\u001b[31m0123456789\u001b[39m', 'two\nlines']);
    assert.equal(terminal.text, '01234567…\n部署部署…\n01234567…\ntwo lines');
    screen.show(['x']);
    assert.equal(terminal.text, 'x');
  });

  it('finds its first line again after the window became narrower, or wider', () => {
    const { terminal, screen } = open(20);
    screen.write('kept\n');
    screen.show(['0123456789012345', 'short']);
    terminal.columns = 8;
    screen.show(['after']);
    assert.equal(terminal.text, 'kept\nafter');
    terminal.columns = 40;
    screen.show(['wide again']);
    assert.equal(terminal.text, 'kept\nwide again');
  });

  it('never shows more lines than it can write over: the last ones count', () => {
    const { terminal, screen } = open(20, 4);
    screen.show(['1', '2', '3', '4', '5']);
    assert.equal(terminal.text, '3\n4\n5');
    screen.show(['6']);
    assert.equal(terminal.text, '6');
  });

  it('writes nothing when nothing changed', () => {
    const written: string[] = [];
    const screen = createScreen({ columns: 20, rows: 5, write: (text) => void written.push(text) });
    screen.show(['one']);
    screen.show(['one']);
    screen.show([]);
    screen.show([]);
    assert.deepEqual(written, ['one\n', '\r\u001b[1A\u001b[J']);
  });
});

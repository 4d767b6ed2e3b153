import {PassThrough, Writable} from 'node:stream';
import xterm from '@xterm/headless';
import {expect, test} from 'vitest';
import {emptyFrame, type Frame} from '../../../src/ui/screen/layout.js';
import {PlainScreen} from '../../../src/ui/screen/plain-screen.js';
import {initialState} from '../../../src/ui/state/chat-state.js';
import {ChatStore} from '../../../src/ui/state/store.js';

/* The screen of a chat until Ink is loaded. */

test.each([
  [80, [40]],
  [80, [40, 25, 33]],
  [80, [60, 100]],
  [40, [120]],
])('no row stays behind after a terminal of %i columns was resized to %o with a menu open', async (columns, widths) => {
  const {terminal, stdout, read} = startTerminal(columns);
  await read('one\r\ntwo\r\n');
  const screen = new PlainScreen({
    terminal: {stdin: new PassThrough(), stdout},
    store: new ChatStore(initialState([])),
    reflow: 'others',
    resizePauseMs: 0,
    compose: (_state, width) => frameOf(width - 2),
  });
  expect(await read()).toHaveLength(12);
  for (const width of widths) {
    terminal.resize(width, 24);
    stdout.columns = width;
  }
  screen.update('three\n');
  expect((await read()).slice(0, 4)).toEqual(['one', 'two', 'three', `a ${'-'.repeat((widths.at(-1) ?? 0) - 4)}`]);
  screen.close();
  expect(await read()).toEqual(['one', 'two', 'three']);
});

/** A frame with rows of that width above and below the caret. */
function frameOf(width: number): Frame {
  const [header, above, below, ...menu] = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(
    (name) => `${name} ${'-'.repeat(width - 2)}`,
  );
  return {
    ...emptyFrame,
    header: [header ?? ''],
    prompt: [above ?? '', '> /', below ?? ''],
    menu,
    status: ['status'],
    caret: {x: 3, y: 2},
  };
}

/** A terminal emulator. Node's raw mode makes `\n` start a new line, too. */
function startTerminal(columns: number) {
  const terminal = new xterm.Terminal({cols: columns, rows: 24, convertEol: true, allowProposedApi: true});
  const write = (text: string) => new Promise<void>((resolve) => terminal.write(text, resolve));
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => terminal.write(chunk.toString(), () => done()),
  });
  return {
    terminal,
    stdout: Object.assign(stream, {isTTY: true, columns, rows: 24}),
    /** Writes a text. @returns the rows of the terminal, without the empty ones at the end */
    async read(text = ''): Promise<string[]> {
      await write(text);
      const {active} = terminal.buffer;
      const rows = Array.from({length: active.length}, (_, row) => active.getLine(row)?.translateToString(true) ?? '');
      return rows.slice(0, rows.findLastIndex((row) => row.trim() !== '') + 1).map((row) => row.trimEnd());
    },
  };
}

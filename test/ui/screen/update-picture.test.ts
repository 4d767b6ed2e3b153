import xterm from '@xterm/headless';
import {describe, expect, test} from 'vitest';
import {drawPicture} from '../../../src/ui/screen/draw-picture.js';
import {updatePicture} from '../../../src/ui/ink/update-picture.js';
import type {Picture} from '../../../src/ui/screen/reflow.js';

/* The rows below a chat, when only what changed is written. */

const columns = 20;
const height = 12;

/** A terminal emulator. Node's raw mode makes `\n` start a new line, too. */
function startTerminal() {
  const terminal = new xterm.Terminal({
    cols: columns,
    rows: height,
    scrollback: 5000,
    convertEol: true,
    allowProposedApi: true,
  });
  return {
    write: (text: string) => new Promise<void>((resolve) => terminal.write(text, resolve)),
    /** The text of each row, and whether it continues the one above; the position of the cursor. */
    read() {
      const {active} = terminal.buffer;
      const rows = Array.from({length: active.length}, (_, row) => {
        const line = active.getLine(row);
        return `${line?.isWrapped ? '+' : ' '}${line?.translateToString(true).trimEnd()}`;
      });
      const last = rows.findLastIndex((row) => row.trim() !== '' && row !== '+');
      return {rows: rows.slice(0, last + 1), x: active.cursorX, y: active.baseY + active.cursorY};
    },
  };
}

/** A picture with some rows above and below the caret. */
function pictureOf(above: readonly string[], prompt: string, below: readonly string[]): Picture {
  return {rows: [...above, `> ${prompt}`, ...below], caret: {x: prompt.length + 2, y: above.length}};
}

describe.each([true, false])('if the rows above the caret are joined: %s', (isJoined) => {
  test.each(Array.from({length: 12}, (_, index) => index + 1))(
    'looks as if drawn completely, series %i',
    async (seed) => {
      const random = randomFrom(seed);
      const [updated, drawn] = [startTerminal(), startTerminal()];
      let picture = pictureOf([], '', ['status']);
      for (const {write} of [updated, drawn]) await write(`before\n${drawPicture(picture, isJoined)}`);
      let updates = 0;
      for (let step = 0; step < 60; step++) {
        const next = change(picture, random);
        const printed = random(3) === 0 ? lines(random, 1 + random(12), 30) : '';
        const update = updatePicture(picture, next, {printed, columns, height, isJoined});
        const complete = `\r${picture.caret.y > 0 ? `\u001b[${picture.caret.y}A` : ''}\u001b[J${printed}${drawPicture(next, isJoined)}`;
        if (update !== undefined) updates += 1;
        await updated.write(update ?? complete);
        await drawn.write(complete);
        expect({step, printed, ...updated.read()}).toEqual({step, printed, ...drawn.read()});
        picture = next;
      }
      expect(updates).toBeGreaterThan(20);
    },
  );
});

/** What could follow a picture. */
function change({rows, caret}: Picture, random: (below: number) => number): Picture {
  const above = rows.slice(0, caret.y);
  const [prompt = '', ...below] = rows.slice(caret.y);
  switch (random(7)) {
    case 0:
      return pictureOf(above, prompt.slice(2, 12) + 'x', below);
    case 1:
      return pictureOf(
        above.slice(0, 4).map((row) => (row.length < 12 ? `${row} and` : row)),
        prompt.slice(2),
        below,
      );
    case 2:
      return pictureOf([...above.slice(0, 4), word(random), ''], prompt.slice(2), below);
    case 3:
      return pictureOf(above.slice(random(3)), prompt.slice(2), below);
    case 4:
      return pictureOf(above.slice(0, random(above.length + 1)), prompt.slice(2), below);
    case 5:
      return pictureOf(
        above,
        prompt.slice(2),
        below.map(() => word(random)),
      );
    default:
      return pictureOf(above.slice(0, 5), '', random(4) === 0 ? [word(random), 'status'] : below);
  }
}

const word = (random: (below: number) => number): string =>
  ['tea', 'water', 'wait', '日本', 'a cup of'][random(5)] ?? '';

const lines = (random: (below: number) => number, count: number, most: number): string =>
  Array.from({length: count}, () => `${'abcdefghij klmno pqrst uvwxyz 0123'.slice(0, random(most))}\n`).join('');

/** Numbers that look random, and are the same in each run. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed * 7919;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
}

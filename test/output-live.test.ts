import xterm from '@xterm/headless';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {LiveMarkdown} from '../src/output/live.js';

beforeEach(() => void vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'Date']}));
afterEach(() => void vi.useRealTimers());

/** A terminal emulator to draw on, with a line of history above. */
function terminal(columns: number, rows: number) {
  const screen = new xterm.Terminal({cols: columns, rows, scrollback: 5_000, convertEol: true, allowProposedApi: true});
  const bytes: string[] = [];
  const stream = {
    columns,
    rows,
    write(text: string) {
      bytes.push(text);
      screen.write(text);
    },
  };
  screen.write('history\n');
  return {
    stream,
    bytes,
    resize(cols: number, height: number) {
      stream.columns = cols;
      stream.rows = height;
      screen.resize(cols, height);
    },
    async lines(): Promise<string[]> {
      const written = new Promise<void>((resolve) => screen.write('', resolve));
      // The emulator works with timers too.
      await vi.advanceTimersByTimeAsync(1_000);
      await written;
      const lines: string[] = [];
      for (let row = 0; row < screen.buffer.active.length; row++) {
        const line = screen.buffer.active.getLine(row);
        const text = line?.translateToString(true) ?? '';
        if (line?.isWrapped) lines[lines.length - 1] += text;
        else lines.push(text);
      }
      return lines.join('\n').trimEnd().split('\n');
    },
  };
}

/** Shows a text as it grows, a few characters at a time. */
async function stream(live: LiveMarkdown, text: string, {step = 7, from = 0} = {}) {
  for (let length = from + step; length < text.length; length += step) {
    live.update(text.slice(0, length));
    await vi.advanceTimersByTimeAsync(20);
  }
}

const numbered = (count: number, word = 'line') => Array.from({length: count}, (_, index) => `${word} ${index + 1}`);

test('each line stands once, below what was there, at any size', async () => {
  const lines = [...numbered(30), 'wide 早上好早上好早上好早上好早上好早上好 👩🏽‍🍳 end', ...numbered(5, 'last')];
  for (const [columns, rows] of [
    [80, 24],
    [40, 10],
    [200, 50],
    [21, 5],
  ] as const) {
    const {stream: out, bytes, lines: shown} = terminal(columns, rows);
    const live = new LiveMarkdown(out, {color: false});
    const text = lines.join('\n\n');
    await stream(live, text);
    live.finish(text);
    expect(await shown()).toEqual(['history', ...lines.flatMap((line) => [line, '']).slice(0, -1)]);
    expect(bytes.join('')).not.toMatch(/\u001B\[[23]J|\u001B\[\?1049h/);
  }
});

test('no frame is taller than the screen less one row, and a tail that is shows its last lines', async () => {
  const {stream: out, bytes, lines: shown} = terminal(30, 8);
  const live = new LiveMarkdown(out, {color: false});
  const code = numbered(60, 'code');
  const text = `\`\`\`\n${code.join('\n')}\n`;
  await stream(live, text, {step: 40});
  const heights = bytes.map((frame) => frame.replaceAll(/\u001B\[[?\d;]*[A-Za-z]/g, '').split('\n').length - 1);
  expect(Math.max(...heights)).toBe(7);
  expect((await shown()).filter((line) => line.startsWith('code')).length).toBeLessThanOrEqual(7);
  live.finish(`${text}\`\`\``);
  expect(await shown()).toEqual(['history', ...code]);
});

test('a paragraph longer than the screen is followed to its end', async () => {
  const {stream: out, lines: shown} = terminal(20, 5);
  const live = new LiveMarkdown(out, {color: true});
  const text = numbered(60, 'word').join(' ');
  await stream(live, text);
  expect((await shown()).join('')).toContain('word 59');
  live.finish(text);
  expect(await shown()).toEqual(['history', text]);
});

test('a rewrite of the tail leaves no trace', async () => {
  const {stream: out, lines: shown} = terminal(80, 24);
  const live = new LiveMarkdown(out, {color: false});
  await stream(live, 'Searching the web… three results found');
  live.update('The answer');
  await vi.advanceTimersByTimeAsync(100);
  live.finish('The answer is 42.');
  expect(await shown()).toEqual(['history', 'The answer is 42.']);
});

test('a rewrite of what stands for good is told, and the whole text stands last', async () => {
  const {stream: out, lines: shown} = terminal(80, 24);
  const live = new LiveMarkdown(out, {color: false});
  await stream(live, 'It is Lyon.\n\nThat is all I know.');
  live.finish('It is Paris.\n\nThat is all I know.');
  const lines = await shown();
  expect(lines.slice(-4)).toEqual(['— the reply was rewritten —', 'It is Paris.', '', 'That is all I know.']);
});

test('a resize in the middle leaves no line twice', async () => {
  const {stream: out, resize, lines: shown} = terminal(80, 24);
  const live = new LiveMarkdown(out, {color: false});
  const open = 'An open paragraph that is wider than the narrow terminal it will be in, by far and by more.';
  await stream(live, open);
  resize(40, 24);
  await stream(live, `${open}\n\nAfter it.`, {from: open.length});
  live.finish(`${open}\n\nAfter it.`);
  expect(await shown()).toEqual(['history', open, '', 'After it.']);
});

test('when the reply breaks off, what came stays, and nothing is drawn later', async () => {
  const {stream: out, bytes, lines: shown} = terminal(80, 24);
  const live = new LiveMarkdown(out, {color: false});
  await stream(live, 'One.\n\nTwo, and then');
  live.stop();
  const frames = bytes.length;
  live.update('One.\n\nTwo, and then more');
  live.stop();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(bytes).toHaveLength(frames);
  expect(await shown()).toEqual(['history', 'One.', '', expect.stringMatching(/^Two, and/)]);
});

test('nothing is written for an empty reply', () => {
  const {stream: out, bytes} = terminal(80, 24);
  new LiveMarkdown(out, {color: false}).finish('');
  expect(bytes).toEqual([]);
});

test('a growing reply costs few bytes: a frame redraws what has changed', async () => {
  const {stream: out, bytes} = terminal(80, 24);
  const live = new LiveMarkdown(out, {color: false});
  const text = numbered(1_500).join('\n\n');
  await stream(live, text, {step: 100});
  live.finish(text);
  expect(bytes.join('').length / text.length).toBeLessThan(2);
});

import {EventEmitter} from 'node:events';
import xterm from '@xterm/headless';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {Highlighter} from '../../src/output/markdown/highlighter.js';
import {renderMarkdown} from '../../src/output/markdown/render-markdown.js';
import {ReplyRenderer} from '../../src/output/reply/reply-renderer.js';
import {LiveRows} from '../../src/output/terminal/rows/live-rows.js';
import {samples} from '../support/terminal/output-samples.js';

afterEach(() => void vi.useRealTimers());

beforeEach(() => {
  vi.useFakeTimers();
});

const sizes = [
  [80, 24],
  [40, 10],
  [200, 50],
] as const;

test('each line of a reply is shown once, whatever the size of its pieces', async () => {
  for (const [columns, rows] of sizes) {
    for (const [name, markdown] of Object.entries(samples)) {
      for (const step of [1, 13, 200]) {
        const screen = new Screen(columns, rows);
        await stream(screen, markdown, step);
        await expectOnce(screen, markdown, `${name} at ${columns}×${rows}, ${step} characters at a time`);
      }
    }
  }
});

test('an unfinished block that is taller than the screen shows its last lines, and all of them in the end', async () => {
  const rows = Array.from({length: 60}, (_, index) => index + 1);
  const tall = {
    list: rows.map((row) => `- item ${row}\n`).join(''),
    table: `| n | square |\n|---|---|\n${rows.map((row) => `| ${row} | ${row * row} |\n`).join('')}`,
    code: `\`\`\`\n${rows.map((row) => `line(${row});\n`).join('')}`,
    html: `<!--\n${rows.map((row) => `\nremark ${row}\n`).join('')}-->\n`,
    paragraph: `${rows.map((row) => `sentence number ${row} of a long paragraph.`).join(' ')}\n`,
  };
  for (const [columns, height] of sizes) {
    for (const [name, markdown] of Object.entries(tall)) {
      const screen = new Screen(columns, height);
      const live = await stream(screen, markdown, 9, {isFinished: false});
      vi.advanceTimersByTime(1000);
      const shown = await screen.lines();
      expect(shown.slice(-2).join(' '), name).toContain('60');
      vi.useFakeTimers();
      await live.finish(markdown);
      await expectOnce(screen, markdown, `${name} at ${columns}×${height}`);
    }
  }
});

test('wide characters and emoji at the right edge leave no remnants', async () => {
  const wide = '日本語の長い段落です。👩‍👩‍👧 と ❤️ と 1️⃣ と é と 😀。'.repeat(12);
  for (const columns of [37, 38, 39, 40, 41]) {
    const screen = new Screen(columns, 12);
    await stream(screen, `${wide}\n\n- ${wide}\n- end\n\n| 名前 | 値 |\n|--|--|\n| 😀 | ${wide.slice(0, 20)} |\n`, 5);
    await expectOnce(
      screen,
      `${wide}\n\n- ${wide}\n- end\n\n| 名前 | 値 |\n|--|--|\n| 😀 | ${wide.slice(0, 20)} |\n`,
      `${columns} columns`,
    );
  }
});

test('an emoji that the terminal draws wider than expected moves no other text', async () => {
  const families = '👩‍👩‍👧'.repeat(70);
  const screen = new Screen(20, 24);
  await stream(screen, `${families}\n\nEnd`, 8);
  await expectOnce(screen, `${families}\n\nEnd`, 'families');
});

test('a paragraph with too many Markdown markers is shown unformatted, each line once', async () => {
  const markdown = `# Title\n\n${'**bold**,_more_,'.repeat(600)}\n\n- **after** that\n`;
  for (const [columns, rows] of sizes) {
    const screen = new Screen(columns, rows);
    await stream(screen, markdown, 900);
    const [, , paragraph] = await screen.lines();
    expect(paragraph).toMatch(/^\*\*bold\*\*,_more_,\*\*bold/);
    await expectOnce(screen, markdown, `${columns}×${rows}`);
  }
});

test('a reply that cannot be formatted is shown as it was written from there on, with one note', async () => {
  class Broken extends Highlighter {
    override start(): never {
      throw new Error('Broken');
    }
  }
  const markdown = '**One**\n\n```js\na = 1;\nb = 2;\nc = 3;\n```\n\n**Two**\n\n```js\nd\n```\n\n**Three**';
  const expected = [
    'One',
    '',
    '```js',
    'a = 1;',
    'b = 2;',
    'c = 3;',
    '```',
    '',
    '**Two**',
    '',
    '```js',
    'd',
    '```',
    '',
    '**Three**',
  ];
  const notes: string[] = [];
  const screen = new Screen(80, 24);
  const live = liveReply(screen, {highlighter: new Broken(), note: (text) => notes.push(text)});
  for (let end = 1; end <= markdown.length; end += 1) {
    live.update(markdown.slice(0, end));
    vi.advanceTimersByTime(100);
  }
  await live.finish(markdown);
  expect(await screen.lines()).toEqual(expected);
  expect(notes).toEqual(['The text could not be formatted. It is shown as it was written.']);

  vi.useFakeTimers();
  const other = new Screen(80, 24);
  await liveReply(other, {highlighter: new Broken()}).renderer.finish('```js\na\n```');
  expect(await other.lines()).toEqual([
    '```js',
    'a',
    '```',
    '',
    'The text could not be formatted. It is shown as it was written.',
  ]);
});

test('a code fence of any length is drawn', async () => {
  const fence = '`'.repeat(40_000);
  const screen = new Screen(80, 24);
  await stream(screen, `${fence}\none\n\n\`\`\`\ntwo\n${fence}\n\nEnd`, 20_000);
  expect(await screen.lines()).toEqual(['one', '', '```', 'two', '', 'End']);
});

test('a reply that is not Markdown is shown line by line, as it was written', async () => {
  const screen = new Screen(80, 24);
  const {renderer} = liveReply(screen);
  const details = {contentType: 'text/plain'};
  const text = '# One\n\n\n- *two*\n1) x\n';
  for (let end = 1; end <= text.length; end += 1) {
    renderer.handle({type: 'append', text: text.slice(end - 1, end)}, text.slice(0, end), details);
    vi.advanceTimersByTime(100);
  }
  renderer.handle({type: 'replace', text: '# Two'}, '# Two', details);
  vi.advanceTimersByTime(100);
  await renderer.finish();
  expect(await screen.lines()).toEqual(['# One', '', '', '- *two*', '— the bot rewrote its reply —', '', '# Two']);
});

test('a picture that the text names is shown as soon as its file is known', async () => {
  const screen = new Screen(80, 24);
  const {renderer} = liveReply(screen, {color: false});
  const picture = {name: 'p.png', url: 'https://a.example/p', mimeType: null, size: null, inlineRef: 'ab12'};
  const text = 'See ![pic][ab12]';
  renderer.handle({type: 'append', text}, text, {attachments: []});
  vi.advanceTimersByTime(100);
  expect(await screen.lines()).toEqual(['See ![pic][ab12]']);
  vi.useFakeTimers();
  renderer.handle({type: 'append', text: '.'}, `${text}.`, {attachments: [picture]});
  vi.advanceTimersByTime(100);
  await renderer.finish();
  expect(await screen.lines()).toEqual(['See pic (https://a.example/p).']);
});

test('identical lines are all shown', async () => {
  const markdown = `${'- same\n'.repeat(60)}\nEnd.\n\nMore`;
  const screen = new Screen(80, 24);
  await stream(screen, markdown, 7);
  await expectOnce(screen, markdown, 'same');
});

test('resizing the terminal during a reply shows no line twice', async () => {
  const paragraph = Array.from({length: 150}, (_, index) => `word${index}`).join(' ');
  const list = Array.from({length: 14}, (_, index) => `- item ${index} ${'and more '.repeat(index)}\n`).join('');
  const markdown = `# Title\n\nFirst.\n\n${paragraph}\n\n${list}\nEnd.\n`;
  for (const [columns, rows] of [
    [40, 24],
    [50, 30],
    [120, 24],
    [80, 12],
    [79, 40],
    [30, 20],
  ] as const) {
    for (const at of [0.3, 0.5, 0.65, 0.7, 0.9]) {
      const screen = new Screen(80, 24);
      await stream(screen, markdown, 11, {resize: {at, columns, rows}});
      await expectOnce(screen, markdown, `80×24 to ${columns}×${rows} at ${at}`, {isBroken: true});
    }
  }
});

test('a reply that the bot rewrites follows completely below a mark', async () => {
  const screen = new Screen(80, 24);
  const live = liveReply(screen, {color: false});
  const show = (text: string) => {
    live.update(text);
    vi.advanceTimersByTime(100);
  };
  show('# Sydney\n\nThe capital is');
  show('# Canberra\n\nThe capital');
  await live.finish('# Canberra\n\nThe capital is Canberra.\n');
  expect(await screen.lines()).toEqual([
    '# Sydney',
    '',
    '— the bot rewrote its reply —',
    '',
    '# Canberra',
    '',
    'The capital is Canberra.',
  ]);
});

test('a progress message that the answer replaces is not shown in the end', async () => {
  const screen = new Screen(80, 24);
  const live = liveReply(screen);
  for (const text of [
    'Searching…',
    'Thinking... (1s elapsed)\n\n',
    'Thinking... (2s elapsed)\n\n',
    '# Answer\n',
    '# Answer\n\n42',
  ]) {
    live.update(text);
    vi.advanceTimersByTime(100);
  }
  await live.finish('# Answer\n\n42');
  expect(await screen.lines()).toEqual(['Answer', '', '42']);
});

test('a reply that only loses blank lines from its end is not marked as rewritten', async () => {
  const screen = new Screen(80, 24);
  const live = liveReply(screen, {color: false});
  live.update('One.\n\n');
  vi.advanceTimersByTime(100);
  await live.finish('One.');
  expect(await screen.lines()).toEqual(['One.']);
});

test('a reply that loses blank lines from its end and then continues differently is marked as rewritten', async () => {
  const screen = new Screen(80, 24);
  const live = liveReply(screen, {color: false});
  for (const text of ['One.\n\n', 'One.', 'One. Two']) {
    live.update(text);
    vi.advanceTimersByTime(100);
  }
  await live.finish('One. Two');
  expect(await screen.lines()).toEqual(['One.', '', '— the bot rewrote its reply —', '', 'One. Two']);
});

test('reasoning is shown above the answer, and not twice if the bot repeats it as its answer', async () => {
  const screen = new Screen(80, 24);
  const {renderer} = liveReply(screen, {color: false});
  renderer.handle({type: 'reasoning', text: 'It is'}, '');
  vi.advanceTimersByTime(100);
  renderer.handle({type: 'reasoning', text: ' 4.'}, '');
  renderer.handle({type: 'append', text: 'It is 4.'}, 'It is 4.');
  await renderer.finish();
  expect(await screen.lines()).toEqual(['│ It is 4.']);

  vi.useFakeTimers();
  const other = new Screen(80, 24);
  const {renderer: second} = liveReply(other, {color: false});
  second.handle({type: 'reasoning', text: '2 + 2'}, '');
  second.handle({type: 'append', text: 'Four'}, 'Four');
  second.handle({type: 'reasoning', text: ' is 4'}, 'Four');
  vi.advanceTimersByTime(100);
  await second.finish();
  expect(await other.lines()).toEqual(['│ 2 + 2', '', 'Four']);
});

test('a reply that is cut off stays, and the cursor is on a new line', async () => {
  const screen = new Screen(80, 24);
  const live = liveReply(screen);
  live.update('One **two');
  // The terminal echoes the key.
  screen.write('^C');
  await live.renderer.finish();
  await live.renderer.finish();
  live.update('more');
  expect(vi.getTimerCount()).toBe(0);
  screen.write('$ ');
  expect(await screen.lines()).toEqual(['One **two', '$']);
});

test('a reply that arrives at once is written without cursor movement', async () => {
  const screen = new Screen(80, 24);
  await liveReply(screen, {color: false}).renderer.finish('One\n\n*two*');
  expect(screen.bytes).toBe('One\n\ntwo\n');
});

test('an empty reply writes nothing', async () => {
  const screen = new Screen(80, 24);
  const live = liveReply(screen);
  live.update('');
  await live.finish('');
  expect(screen.bytes).toBe('');
});

test('at most ten frames per second are drawn, and the last one is always drawn', async () => {
  const screen = new Screen(80, 24);
  const live = liveReply(screen, {color: false});
  for (let count = 1; count <= 1000; count++) {
    live.update('x'.repeat(count));
    vi.advanceTimersByTime(1);
  }
  vi.advanceTimersByTime(100);
  expect(screen.writes.length).toBeLessThanOrEqual(12);
  expect(vi.getTimerCount()).toBe(0);
  expect((await screen.lines()).join('')).toBe('x'.repeat(1000));
});

test('a long reply writes little more than its length, because each frame draws only new lines', async () => {
  const screen = new Screen(80, 24);
  const code = Array.from({length: 1500}, (_, index) => `const value${index} = compute(${index}); // and so on`).join(
    '\n',
  );
  await stream(screen, `Here is code:\n\n\`\`\`js\n${code}\n\`\`\`\n`, 80);
  expect(screen.bytes.length).toBeLessThan(3.5 * code.length);
});

test('while many lines arrive, the unfinished end is not drawn, but it is if nothing follows', async () => {
  const screen = new Screen(80, 60);
  const live = liveReply(screen, {color: false});
  const lines = (count: number) => Array.from({length: count}, (_, index) => `line ${index}\n\n`).join('');
  live.update(`${lines(20)}the unfinished end`);
  expect(screen.bytes).toContain('line 19');
  expect(screen.bytes).not.toContain('unfinished');
  vi.advanceTimersByTime(1000);
  expect(vi.getTimerCount()).toBe(0);
  expect((await screen.lines()).at(-1)).toBe('the unfinished end');
});

test('control sequences from a bot are shown, not sent', async () => {
  const screen = new Screen(80, 24);
  await stream(
    screen,
    'a\u001b[2J\u001b]52;c;eA==\u0007 [x](https://e.x/\u001b]0;t) &#27;[3J &#x9b;3J \u009b2J\r\b',
    1,
  );
  expect(screen.bytes).not.toMatch(/\u001b\]|\u0007|\u009b|\u0008|\u001b\[[23]J/);
});

test('no line is shown twice on a terminal with two rows', async () => {
  const screen = new Screen(20, 2);
  await stream(screen, samples.answer ?? '', 20);
  await expectOnce(screen, samples.answer ?? '', 'two rows');
});

interface StreamOptions {
  isFinished?: boolean;
  /** The part of the text after which the terminal is resized. */
  resize?: {at: number; columns: number; rows: number};
}

interface LiveOptions {
  color?: boolean;
  highlighter?: Highlighter;
  note?: (text: string) => void;
}

/** Draws on a screen the events that lead from one text to the next. */
function liveReply(screen: Screen, {color = true, highlighter, note}: LiveOptions = {}) {
  const renderer = new ReplyRenderer(new LiveRows(screen), {color, highlighter, note});
  screen.on('resize', renderer.refresh);
  let before = '';
  const update = (text: string) => {
    const isExtension = text.startsWith(before);
    if (text !== before && isExtension) renderer.handle({type: 'append', text: text.slice(before.length)}, text);
    else if (text !== before) renderer.handle({type: 'replace', text}, text);
    before = text;
  };
  return {
    renderer,
    update,
    finish(text: string) {
      update(text);
      return renderer.finish();
    },
  };
}

/** Shows a text that grows by `step` characters at a time. */
async function stream(
  screen: Screen,
  text: string,
  step: number,
  {isFinished = true, resize}: StreamOptions = {},
): Promise<ReturnType<typeof liveReply>> {
  const highlighter = new Highlighter();
  await highlighter.load(text);
  const live = liveReply(screen, {highlighter});
  for (let end = step; end < text.length + step; end += step) {
    if (resize && end - step < resize.at * text.length && end >= resize.at * text.length)
      screen.resize(resize.columns, resize.rows);
    live.update(text.slice(0, end));
    vi.advanceTimersByTime(50);
  }
  if (isFinished) await live.finish(text);
  return live;
}

/** @param options.isBroken whether resizing may have left line breaks within lines */
async function expectOnce(screen: Screen, markdown: string, title: string, {isBroken = false} = {}): Promise<void> {
  const rendered = renderMarkdown(markdown, {color: true, width: screen.columns});
  const expected = rendered.replaceAll(styles, '').trimEnd().split('\n');
  const shape = (lines: string[]) => lines.map((line) => line.replaceAll(/\s/g, '')).join(isBroken ? '' : '\n');
  expect(shape(await screen.lines()), title).toBe(shape(expected));
  expect(await screen.isFresh(), title).toBe(true);
  vi.useFakeTimers();
}

const styles = /\u001b\[\d+m/g;

/** Must never be sent: clear the screen or the scrollback, the alternate screen, hide or position the cursor. */
const forbidden = /\u001b\[[23]J|\u001b\[\?1049|\u001b\[\?25|\u001bc|\u001b\[[\d;]*H/;

/** Records the output, and replays it on a terminal emulator below the output of a shell. */
class Screen extends EventEmitter {
  columns: number;
  rows: number;
  readonly writes: string[] = [];
  readonly #played: (string | [columns: number, rows: number])[];

  constructor(columns: number, rows: number) {
    super();
    [this.columns, this.rows] = [columns, rows];
    this.#played = [[columns, rows], '$ ls\nfile\n$ poe send hello\n'];
  }

  get bytes(): string {
    return this.writes.join('');
  }

  write(text: string): void {
    this.writes.push(text);
    this.#played.push(text);
    expect(text).not.toMatch(forbidden);
    const drawn = /\u001b\[\?7l([^]*)\u001b\[\?7h/.exec(text)?.[1] ?? '';
    expect(drawn.split('\n').length).toBeLessThanOrEqual(Math.max(1, this.rows - 1));
  }

  resize(columns: number, rows: number): void {
    [this.columns, this.rows] = [columns, rows];
    this.#played.push([columns, rows]);
    this.emit('resize');
  }

  /** The lines below the command, as they were before the terminal broke them. */
  async lines(): Promise<string[]> {
    const {active} = (await this.#play()).buffer;
    const lines: string[] = [];
    for (let row = 0; row < active.length; row++) {
      const text = active.getLine(row)?.translateToString(!active.getLine(row + 1)?.isWrapped) ?? '';
      if (active.getLine(row)?.isWrapped) lines[lines.length - 1] += text;
      else lines.push(text);
    }
    expect(lines.splice(0, 3)).toEqual(['$ ls', 'file', '$ poe send hello']);
    return lines.join('\n').trimEnd().split('\n');
  }

  /** Whether the cursor is at the start of the row below the last line. */
  async isFresh(): Promise<boolean> {
    const {active} = (await this.#play()).buffer;
    const row = active.baseY + active.cursorY;
    const text = (row: number) => active.getLine(row)?.translateToString(true) ?? '';
    return active.cursorX === 0 && text(row) === '' && text(row - 1) !== '';
  }

  async #play() {
    vi.useRealTimers();
    const emulator = new xterm.Terminal({convertEol: true, scrollback: 10_000, allowProposedApi: true});
    const isWritten = () => new Promise<void>((resolve) => emulator.write('', resolve));
    for (const next of this.#played) {
      if (typeof next === 'string') {
        emulator.write(next);
      } else {
        await isWritten();
        emulator.resize(...next);
      }
    }
    await isWritten();
    return emulator;
  }
}

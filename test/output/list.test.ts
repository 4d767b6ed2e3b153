import {Writable} from 'node:stream';
import stringWidth from 'string-width';
import {expect, test} from 'vitest';
import type {Column} from '../../src/output/list/columns.js';
import {Output} from '../../src/output/output.js';
import {points} from '../../src/output/format/numbers.js';
import {outputTo} from '../support/terminal/output-streams.js';

interface Bot {
  handle: string;
  price: number | null;
  about: string;
}

const columns: readonly Column<Bot>[] = [
  {title: 'Bot', value: ({handle}) => handle},
  {title: 'About', value: ({about}) => about, flex: true},
  {title: 'Price', value: ({price}) => price, shown: ({price}) => points(price), align: 'right'},
];

const emptyNote = 'There are no bots.';

const bots: readonly Bot[] = [
  {handle: 'Assistant', price: 15, about: 'General help with everyday questions and tasks of all kinds'},
  {handle: 'Web-Search', price: 1827, about: 'Looks it up\tin the\r\nweb'},
  {handle: '日本語ボット', price: null, about: 'こんにちは、世界。何でも聞いてください'},
];

test('in a pipe, a list has one item per line, with exact values separated by tabs', async () => {
  const {output, out, err} = outputTo();
  expect(await output.list(bots, columns, {empty: emptyNote})).toBe(3);
  expect(out()).toBe(
    'Assistant\tGeneral help with everyday questions and tasks of all kinds\t15\n' +
      'Web-Search\tLooks it up in the web\t1827\n' +
      '日本語ボット\tこんにちは、世界。何でも聞いてください\t\n',
  );
  expect(err()).toBe('');
});

test('a pipe gets every byte except tabs and line breaks', async () => {
  const {output, out} = outputTo(undefined, {env: {FORCE_COLOR: '1'}, color: true});
  const handle = ` \u001b[31mred\u202e \u0000\u2028\ud83d\ude00 `;
  await output.list([{handle, price: 0, about: ''}], columns, {empty: emptyNote});
  expect(out()).toBe(`${handle}\t\t0\n`);
});

test('with --json, a list has one object per line', async () => {
  const {output, out, err} = outputTo(undefined, {json: true});
  expect(await output.list(bots, columns, {empty: emptyNote})).toBe(3);
  expect(out()).toBe(bots.map((bot) => `${JSON.stringify(bot)}\n`).join(''));
  const empty = outputTo(undefined, {json: true});
  expect(await empty.output.list([], columns, {empty: emptyNote})).toBe(0);
  expect(empty.out() + empty.err() + err()).toBe('');
});

test('on a terminal, a list has aligned columns with headings', async () => {
  const {output, out} = outputTo({columns: 90, rows: 24});
  await output.list(bots, columns, {empty: emptyNote});
  expect(out()).toBe(`\
Bot           About                                                               Price
Assistant     General help with everyday questions and tasks of all kinds     15 points
Web-Search    Looks it up in the web                                       1,827 points
日本語ボット  こんにちは、世界。何でも聞いてください
`);
});

test('on a narrow terminal, flexible columns are shortened first', async () => {
  const {output, out} = outputTo({columns: 60, rows: 24});
  await output.list(bots, columns, {empty: emptyNote});
  expect(out()).toBe(`\
Bot           About                                    Price
Assistant     General help with everyday ques…     15 points
Web-Search    Looks it up in the web            1,827 points
日本語ボット  こんにちは、世界。何でも聞いて…
`);
});

test('on a very narrow terminal, columns on the right are omitted', async () => {
  const {output, out} = outputTo({columns: 34, rows: 24});
  await output.list(bots, columns, {empty: emptyNote});
  expect(out()).toBe(`\
Bot           About
Assistant     General help with e…
Web-Search    Looks it up in the…
日本語ボット  こんにちは、世界。…
`);
});

test('a name fits in 40 columns, and a very long one leaves room for other columns', async () => {
  const {output, out} = outputTo({columns: 40, rows: 24});
  await output.list([{handle: 'Claude-3.7-Sonnet-Reasoning', price: 1, about: 'A very able bot'}], columns, {
    empty: emptyNote,
  });
  expect(out().split('\n')[1]).toBe('Claude-3.7-Sonnet-Reasoning  A very abl…');
  const long = outputTo({columns: 80, rows: 24});
  await long.output.list([{handle: 'x'.repeat(300), price: 1, about: 'A very able bot'}], columns, {empty: emptyNote});
  expect(long.out().split('\n')[1]).toBe(`${'x'.repeat(31)}…  A very able bot  1 point`);
});

test('no line of a list is wider than the terminal', async () => {
  const difficult = ['👩‍👩‍👧 family', '日'.repeat(300), 'e\u0301'.repeat(200), '\u001b[31m', 'x'.repeat(1000), '', '❤️1️⃣'];
  const items = Array.from({length: 150}, (_, index) => ({
    handle: `${difficult[index % difficult.length]}`,
    price: 10 ** (index % 9),
    about: `${difficult[(index * 3) % difficult.length]}${index}`,
  }));
  for (const width of [1, 2, 3, 7, 12, 20, 33, 40, 41, 80, 81, 130]) {
    const {output, out} = outputTo({columns: width, rows: 1000});
    await output.list(items, columns, {empty: emptyNote});
    const lines = out().trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(100);
    for (const line of lines) expect(stringWidth(line), `${width}: ${line}`).toBeLessThanOrEqual(width);
  }
});

test('control sequences in a list are sanitized on a terminal', async () => {
  const hostile = '\u001b]0;title\u0007\u009b2J\u202eabc\u0008\r\n';
  for (const json of [false, true]) {
    const {output, out} = outputTo({columns: 80, rows: 24}, {json});
    await output.list([{handle: hostile, price: 1, about: hostile}], columns, {empty: emptyNote});
    expect(out()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  }
});

test('headings are dim if color is enabled', async () => {
  const {output, out} = outputTo({columns: 80, rows: 24}, {color: true});
  await output.list([{handle: 'a', price: 1, about: 'b'}], columns, {empty: emptyNote});
  expect(out()).toBe('\u001b[2mBot  About    Price\u001b[22m\na    b      1 point\n');
});

test('without a flexible column, the last one is shortened', async () => {
  const {output, out} = outputTo({columns: 20, rows: 24});
  await output.list(
    [{id: 1234567890, text: 'a long text'}],
    [
      {title: 'Id', value: ({id}) => id},
      {title: 'Text', value: ({text}) => text},
    ],
    {empty: emptyNote},
  );
  expect(out()).toBe('Id          Text\n1234567890  a long…\n');
});

test('a later item with a longer name takes room from a flexible column', async () => {
  const {output, out} = outputTo({columns: 30, rows: 1000});
  const items = Array.from({length: 101}, (_, index) => ({
    handle: index === 100 ? 'a-longer-name' : 'name',
    price: 5,
    about: 'about twenty letters',
  }));
  await output.list(items, columns, {empty: emptyNote});
  expect(out().trimEnd().split('\n').slice(-2)).toEqual([
    'name  about twenty…   5 points',
    'a-longer-name  abou…  5 points',
  ]);
});

test('an empty list prints a note on stderr', async () => {
  for (const screen of [undefined, {columns: 80}]) {
    const {output, out, err} = outputTo(screen);
    expect(await output.list([], columns, {empty: emptyNote})).toBe(0);
    expect([out(), err()]).toEqual(['', 'There are no bots.\n']);
  }
  const {output, err} = outputTo(undefined, {quiet: true});
  await output.list([], columns, {empty: emptyNote});
  expect(err()).toBe('');
});

test('the items before an error are shown', async () => {
  for (const [screen, json, shown] of [
    [undefined, false, 'a\tb\t1\n'],
    [undefined, true, '{"handle":"a","price":1,"about":"b"}\n'],
    [{columns: 80, rows: 24}, false, 'Bot  About    Price\na    b      1 point\n'],
  ] as const) {
    const {output, out} = outputTo(screen, {json});
    const failing = async function* () {
      yield {handle: 'a', price: 1, about: 'b'};
      throw new Error('Connection lost');
    };
    await expect(output.list(failing(), columns, {empty: emptyNote})).rejects.toThrow('Connection lost');
    expect(out()).toBe(shown);
  }
});

test('items are written to a pipe as they arrive', async () => {
  const {output, out} = outputTo();
  const seen: string[] = [];
  const slow = async function* () {
    for (const handle of ['a', 'b', 'c']) {
      yield {handle, price: 1, about: ''};
      seen.push(out());
    }
  };
  await output.list(slow(), columns, {empty: emptyNote});
  expect(seen).toEqual(['a\t\t1\n', 'a\t\t1\nb\t\t1\n', 'a\t\t1\nb\t\t1\nc\t\t1\n']);
});

test('a list waits for a slow reader', async () => {
  let produced = 0;
  const reads: (() => void)[] = [];
  const slow = new Writable({
    highWaterMark: 100,
    write(_chunk, _encoding, done) {
      reads.push(done);
    },
  });
  const endless = function* () {
    for (;;) yield {handle: 'x'.repeat(50), price: (produced += 1), about: ''};
  };
  const output = new Output({
    stdout: slow,
    stderr: slow,
    env: {},
    json: false,
    quiet: false,
    verbose: false,
    color: false,
  });
  const listing = output.list(endless(), columns, {empty: emptyNote});
  while (reads.length === 0) await new Promise(setImmediate);
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  expect(produced).toBeLessThan(5);
  slow.destroy();
  expect(await listing).toBe(produced);
});

test('a reader that closes the pipe ends the list and closes its source', async () => {
  let isClosed = false;
  let read = 0;
  const stdout = new Writable({
    write(_chunk, _encoding, done) {
      read += 1;
      done(read > 2 ? Object.assign(new Error('write EPIPE'), {code: 'EPIPE'}) : null);
    },
  });
  stdout.on('error', () => {});
  const source = async function* () {
    try {
      for (;;) yield {handle: 'a', price: 1, about: ''};
    } finally {
      isClosed = true;
    }
  };
  const output = new Output({stdout, stderr: stdout, env: {}, json: false, quiet: false, verbose: false, color: false});
  expect(await output.list(source(), columns, {empty: emptyNote})).toBeLessThan(10);
  expect(isClosed).toBe(true);
});

test('ten thousand items are aligned', async () => {
  const {output, out} = outputTo({columns: 80, rows: 24});
  const items = function* () {
    for (let index = 0; index < 10_000; index += 1) yield {handle: `bot-${index}`, price: index, about: 'x'};
  };
  expect(await output.list(items(), columns, {empty: emptyNote})).toBe(10_000);
  const lines = out().trimEnd().split('\n');
  expect(lines).toHaveLength(10_001);
  expect([lines[1], lines.at(-1)]).toEqual(['bot-0   x               0 points', 'bot-9999  x         9,999 points']);
});

test('requested information is printed even with --quiet, but not with --json', () => {
  const {output, out, err} = outputTo({columns: 80}, {quiet: true});
  output.info('https://poe.com/s/abc\u001b[2J');
  expect([out(), err()]).toEqual(['', 'https://poe.com/s/abc␛[2J\n']);
  const data = outputTo(undefined, {json: true});
  data.output.info('https://poe.com/s/abc');
  expect(data.out() + data.err()).toBe('');
});

test('notes that arise while the pager runs are printed after it', async () => {
  let paged = '';
  const pager = {
    async write(text: string) {
      paged += text;
      return true;
    },
    async end() {
      expect(err()).toBe('');
      return true;
    },
  };
  const {output, out, err} = outputTo({columns: 80, rows: 5}, {startPager: async () => pager});
  const items = function* () {
    for (let price = 0; price < 200; price += 1) {
      if (price === 150) output.note('Poe is slow today.');
      yield {handle: 'a', price, about: ''};
    }
  };
  expect(await output.list(items(), columns, {empty: emptyNote})).toBe(200);
  expect([out(), err()]).toEqual(['', 'Poe is slow today.\n']);
  expect(paged.trimEnd().split('\n')).toHaveLength(201);
});

test('a narrow terminal omits optional columns first, and then truncates a name by a few letters', async () => {
  const own: readonly Column<Bot>[] = [
    {title: 'Bot', value: ({handle}) => handle, isShrinkable: true},
    {title: 'Price', value: ({price}) => price, shown: ({price}) => points(price), align: 'right'},
    {title: 'About', value: ({about}) => about, flex: true, isOptional: true},
  ];
  const listed = async (columns: number) => {
    const {output, out} = outputTo({columns, rows: 24});
    await output.list([{handle: 'A-bot-with-24-characters', price: 1827, about: 'Looks it up'}], own, {empty: ''});
    return out();
  };
  expect(await listed(50)).toContain('A-bot-with-24-characters  1,827 points  Looks it');
  expect(await listed(40)).toBe('Bot                              Price\nA-bot-with-24-characters  1,827 points\n');
  expect(await listed(36)).toBe('Bot                            Price\nA-bot-with-24-charact…  1,827 points\n');
});

import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {rolldown} from 'rolldown';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {onTerminal} from '../support/terminal/pseudo-terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'poe-pager-'));
const program = `node ${join(folder, 'output-program.js')}`;

beforeAll(async () => {
  const bundle = await rolldown({input: 'test/support/terminal/output-program.ts', platform: 'node'});
  await bundle.write({dir: folder, format: 'esm'});
  await bundle.close();
});

afterAll(() => rmSync(folder, {recursive: true, force: true}));

const itemsOf = (lines: readonly string[]) => lines.filter((line) => /item \d+$/.test(line));
const end = (lines: readonly string[]) => lines.slice(-2);
const done = ['read all, closed, 1 listener', 'exit 0'];

test('a list that fits on the screen is shown without the pager', async () => {
  const {lines} = await onTerminal(`${program} 22`, {env: {PAGER: 'sed "s/^/> /"'}});
  expect(lines.slice(0, 3)).toEqual(['before', 'Item', 'item 1']);
  expect(itemsOf(lines)).toHaveLength(22);
  expect(end(lines)).toEqual(done);
});

test('a longer list is shown in the pager, with headings and colors', async () => {
  const {lines, styled} = await onTerminal(`${program} 23`, {env: {PAGER: 'sed "s/^/> /"'}});
  expect(lines.slice(0, 3)).toEqual(['before', '> Item', '> item 1']);
  expect(itemsOf(lines)).toHaveLength(23);
  expect(styled).toContain('> <2 Item>');
  expect(end(lines)).toEqual(done);
});

test('less is the default pager, and its text stays on the screen', async () => {
  const {lines, styled, bytes} = await onTerminal(`${program} 100`, {
    when: [
      [/item 22\n:$/, ({type}) => type(' ')],
      [/item 45\n:$/, ({type}) => type('q')],
    ],
  });
  expect(itemsOf(lines).slice(0, 45)).toEqual(Array.from({length: 45}, (_, index) => `item ${index + 1}`));
  expect(styled).toContain('<2 Item>');
  expect(bytes).not.toContain('\u001b[?1049h');
  expect(end(lines)).toEqual(done);
});

test('quitting the pager early ends the list without an error', async () => {
  const {lines} = await onTerminal(`${program} 10000000`, {when: [[/item 22\n:$/, ({type}) => type('q')]]});
  expect(end(lines)).toEqual(['left early, closed, 1 listener', 'exit 0']);
  const head = await onTerminal(`${program} 10000000`, {env: {PAGER: 'head -3'}});
  expect(head.lines).toEqual(['before', 'Item', 'item 1', 'item 2', 'left early, closed, 1 listener', 'exit 0']);
});

test('Ctrl-C in the pager does not end poe', async () => {
  // Without noflsh, a terminal discards input that was typed before Ctrl-C.
  const {lines} = await onTerminal(`stty noflsh; ${program} 100`, {
    when: [
      [/item 22\n:$/, ({type}) => type('\u0003')],
      [/item 22\n:$/, ({type}) => type(' '), 'again'],
      [/item 45\n:$/, ({type}) => type('q')],
    ],
  });
  expect(end(lines)).toEqual(done);
});

test('POE_PAGER overrides PAGER, and cat or an empty value disables the pager', async () => {
  const {lines} = await onTerminal(`${program} 50`, {env: {POE_PAGER: 'sed s/^/1/', PAGER: 'sed s/^/2/'}});
  expect(lines[1]).toBe('1Item');
  const none: Record<string, string>[] = [{PAGER: 'cat'}, {PAGER: ''}, {POE_PAGER: ' ', PAGER: 'sed s/^/2/'}];
  for (const env of none) {
    const plain = await onTerminal(`${program} 50`, {env});
    expect(plain.lines[1]).toBe('Item');
    expect(itemsOf(plain.lines)).toHaveLength(50);
    expect(end(plain.lines)).toEqual(done);
  }
});

test('a list is shown without a pager if it cannot be started', async () => {
  for (const pager of ['no-such-pager -x', '/etc/passwd', '{ exit 127; }', '"no such" "pager" 2>/dev/null']) {
    const {lines} = await onTerminal(`${program} 5000`, {env: {PAGER: pager}});
    expect(lines.slice(0, 2), pager).toEqual(['before', 'Item']);
    expect(itemsOf(lines)).toHaveLength(5000);
    expect(end(lines)).toEqual(done);
  }
});

test('the environment of the pager contains no secrets', async () => {
  const {lines} = await onTerminal(`${program} 50`, {env: {PAGER: 'env; cat >/dev/null', POE_API_KEY: 'secret-key'}});
  expect(lines).toContain('LESS=FRX');
  expect(lines.filter((line) => line.startsWith('POE_'))).toEqual([]);
});

test('options of the user for less stay, and it always shows colors', async () => {
  for (const [own, used] of [
    ['-R', '-R'],
    ['iRX', 'iRX'],
    ['-F --RAW-CONTROL-CHARS', '-F --RAW-CONTROL-CHARS'],
    ['-i -M', '-R -i -M'],
    ['FX', '-R FX'],
  ] as const) {
    const {lines} = await onTerminal(`${program} 50`, {env: {PAGER: 'env; cat >/dev/null', LESS: own}});
    expect(lines).toContain(`LESS=${used}`);
  }
});

test('the pager shows the items before an error', async () => {
  const {lines} = await onTerminal(`${program} 100 30`, {env: {PAGER: 'sed "s/^/> /"'}});
  expect(itemsOf(lines)).toHaveLength(30);
  expect(end(lines)).toEqual(['Error: Connection lost, 1 listener', 'exit 0']);
});

test('JSON, pipes and dumb terminals have no pager', async () => {
  for (const [command, env] of [
    [`${program} 50 --json`, {}],
    [`${program} 50 | cat`, {}],
    [`${program} 50`, {TERM: 'dumb'}],
  ] as const) {
    const {lines} = await onTerminal(command, {env: {...env, PAGER: 'sed "s/^/> /"'}});
    expect(lines.filter((line) => line.startsWith('>'))).toEqual([]);
    expect(lines.filter((line) => /50"?$/.test(line))).toHaveLength(1);
  }
});

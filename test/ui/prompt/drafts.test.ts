import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import type {TestSandbox} from '../../../src/sandbox/faults/test-sandbox.js';
import {onTerminal, type When} from '../../support/terminal/pseudo-terminal.js';

/* Nothing that was typed is lost: it is in the prompt, in the queue or in the history. */

const ctrlC = '\u0003';
const ctrlD = '\u0004';
const ctrlU = '\u0015';
const [up, down] = ['\u001b[A', '\u001b[B'];
const ready = /\w · new chat/;
const pasted = (text: string) => `\u001b[200~${text}\u001b[201~`;
const type =
  (text: string): When[number][1] =>
  (at) =>
    at.type(text);

const messages = ({requests}: TestSandbox) =>
  requests
    .filter(({queryName}) => /^sendMessage/i.test(queryName ?? ''))
    .map(({variables}) => (variables as {query: string}).query);

const history = (configDir: string): unknown[] =>
  readFileSync(join(configDir, 'history.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));

/** Writes earlier input before the chat starts. */
const withHistory = (lines: readonly string[], bot: string) =>
  `printf '%s\\n' ${lines.map((line) => `'${JSON.stringify(line)}'`).join(' ')} > "$POE_CONFIG_DIR/history.jsonl"; node bin/poe.js chat -q -b ${bot}`;

/** A message that Poe refuses. */
const refusal = {status: 200, body: JSON.stringify({data: null, errors: [{message: 'refused'}]})};

test('Esc puts queued messages above what was typed meanwhile, the last one first', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Slow', {
    heldAfter: 4,
    when: [
      [ready, type('hello\r')],
      [/> hello\n\n\S+\n\w+ \w+/, type('first\rsecond\rthe draft')],
      [/Queued: first · second \(Esc to edit\)\n> the draft/, type('\u001b')],
      [/Queued: first \(Esc to edit\)\n> second *\n {2}the draft/, type('\u001b')],
      [/\n> first *\n {2}second *\n {2}the draft/, type('\u001b')],
      [/\(stopped\)[^]*> first *\n {2}second *\n {2}the draft/, type(`${ctrlC}${ctrlC}`)],
    ],
  });
  expect(lines.filter((line) => line.startsWith('> '))).toEqual(['> hello']);
});

test('a message that is refused while the next one is typed stays in the history, and the draft stays', async () => {
  const {configDir} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Count', {
    cols: 120,
    when: [
      [
        ready,
        (at) => {
          at.sandbox.faults.respondOnce({operation: 'sendMessage'}, refusal);
          at.type('count to 3\rthe draft');
        },
      ],
      [/refused[^]*not sent[^\n]*press Up[^\n]*\n> the draft/, type(up)],
      [/\n> count to 3 *\nSandbox-Count/, type(down)],
      [/\n> the draft *\n/, type(`${ctrlC}${ctrlC}`)],
    ],
  });
  expect(history(configDir)).toEqual(['count to 3', 'the draft']);
});

test('after a refused message the queued ones wait, and are sent in their order', async () => {
  const {sandbox} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Count', {
    cols: 120,
    when: [
      [
        ready,
        (at) => {
          at.sandbox.faults.respondOnce({operation: 'sendMessage'}, refusal);
          at.type('count to 2\rcount to 3\rcount to 4\r');
        },
      ],
      [/refused[^]*Queued: count to 3 · count to 4 \(Enter to send, Esc to edit\)\n> count to 2 *\n/, type('\r')],
      [/^1 2\n[^]*^1 2 3\n[^]*^1 2 3 4\n[^]*> *\n[^\n]*last: /m, type(ctrlD)],
    ],
  });
  expect(messages(sandbox)).toEqual(['count to 2', 'count to 2', 'count to 3', 'count to 4']);
});

test('Enter on an empty line sends a message that was left in the queue', async () => {
  const {sandbox} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Count', {
    cols: 120,
    when: [
      [
        ready,
        (at) => {
          at.sandbox.faults.respondOnce({operation: 'sendMessage'}, refusal);
          at.type('count to 2\rcount to 3\r');
        },
      ],
      [/Queued: count to 3 \(Enter to send[^\n]*\n> count to 2 *\n/, type(`${ctrlU}\r`)],
      [/^1 2 3\n[^]*> *\n[^\n]*last: /m, type(ctrlD)],
    ],
  });
  expect(messages(sandbox)).toEqual(['count to 2', 'count to 3']);
});

test('Ctrl+D with queued messages keeps them in the history', async () => {
  const {configDir, lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Slow', {
    heldAfter: 4,
    when: [
      [ready, type('hello\r')],
      [/> hello\n\n\S+\n\w+ \w+/, type('first\rsecond\r')],
      [/Queued: first · second/, type(ctrlD)],
    ],
  });
  expect(history(configDir)).toEqual(['hello', 'first', 'second']);
  expect(lines.at(-1)).toBe('exit 0');
});

test('a draft survives a history search: Down returns to it, and after a submit it is in the history', async () => {
  const {configDir} = await onTerminal(withHistory(['green tea', 'black tea'], 'Sandbox-Echo'), {
    when: [
      [ready, type('the draft\u0012green')],
      [/Search: green *\n❯ green tea/, type('\r')],
      [/\n> green tea *\n/, type(down + down)],
      [/\n> the draft *\n/, type('\u0012black')],
      [/Search: black *\n❯ black tea/, type('\r\r')],
      [/last: /, type(up + up)],
      [/\n> the draft *\n/, type(`${ctrlC}${ctrlC}`)],
    ],
  });
  expect(history(configDir)).toEqual(['green tea', 'black tea', 'the draft', 'black tea', 'the draft']);
});

test('edits to recalled lines survive moving through the history and leaving the chat', async () => {
  const {configDir} = await onTerminal(withHistory(['one', 'two'], 'Sandbox-Echo'), {
    when: [
      [ready, type(`draft${up}!`)],
      [/\n> two! *\n/, type(`${up}?`)],
      [/\n> one\? *\n/, type(down)],
      [/\n> two! *\n/, type(down)],
      [/\n> draft *\n/, type('\r')],
      [/last: /, type(ctrlD)],
    ],
  });
  expect(history(configDir)).toEqual(['one', 'two', 'two!', 'one?', 'draft']);
});

test('a suggested reply that replaces a draft leaves the draft in the history', async () => {
  await onTerminal('node bin/poe.js chat -q -b Assistant', {
    when: [
      [ready, type('hello\r')],
      [/Alt\+3 {2}Make it shorter\.\n> *\n/, type('the draft\u001b1')],
      [/\n> Tell me more\. *\n/, type(up)],
      [/\n> the draft *\n/, type(`${ctrlC}${ctrlC}`)],
    ],
  });
});

test('Ctrl+C keeps 25,000 characters in the history, also for the next chat, where they are short again', async () => {
  const long = `start ${'x'.repeat(25_000)}`;
  const {sandbox} = await onTerminal(
    'node bin/poe.js chat -q -b Sandbox-Echo; node bin/poe.js chat -q -b Sandbox-Count',
    {
      when: [
        [ready, type(pasted(long))],
        [/> \[pasted 25,006 characters\]/, type(` and more${ctrlC}`)],
        [/Press Ctrl\+C again/, type(ctrlC)],
        [/Sandbox-Count · new chat/, type(up)],
        [/\n> \[pasted 25,006 characters\] and more/, type('\r')],
        [/last: /, type(ctrlD)],
      ],
    },
  );
  expect(messages(sandbox)).toEqual([`${long} and more`]);
});

test('keys count from the first frame on: Up recalls the last line at once', async () => {
  const lines = Array.from({length: 60_000}, (_, index) => `line ${index} ${'x'.repeat(100)}`);
  await onTerminal(
    `node -e 'for (let i = 0; i < 60000; i++) console.log(JSON.stringify("line " + i + " " + "x".repeat(100)))' > "$POE_CONFIG_DIR/history.jsonl"; node bin/poe.js chat -q`,
    {
      cols: 200,
      when: [
        [/^>/m, type(up)],
        [new RegExp(`^> ${lines.at(-1)}`, 'm'), type(`${ctrlC}${ctrlC}`)],
      ],
    },
  );
});

test('a damaged last line of the history costs only that line', async () => {
  const {configDir} = await onTerminal(
    `printf '"one"\\n"tw' > "$POE_CONFIG_DIR/history.jsonl"; node bin/poe.js chat -q -b Sandbox-Echo; node bin/poe.js chat -q -b Sandbox-Count`,
    {
      when: [
        [ready, type('three\r')],
        [/last: /, type(ctrlD)],
        [/Sandbox-Count · new chat/, type(up)],
        [/\n> three *\nSandbox-Count/, type(up)],
        [/\n> one *\n/, type(`${ctrlC}${ctrlC}`)],
      ],
    },
  );
  expect(readFileSync(join(configDir, 'history.jsonl'), 'utf8')).toBe('"one"\n"tw\n"three"\n"one"\n');
});

test('if what is typed cannot be stored, the chat goes on', async () => {
  const {sandbox} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Count', {
    env: {POE_CONFIG_DIR: '/proc/none'},
    when: [
      [ready, ({type}) => type('count to 3\r')],
      [/1 2 3\n[^]*last: /, ({type}) => type('\u001b[A')],
      [/\n> count to 3 *\n[^\n]*last: /, ({type}) => type('\u0015\u0004')],
    ],
  });
  expect(messages(sandbox)).toEqual(['count to 3']);
});

import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {PipedText} from '../../src/output/reply/piped-text.js';
import {outputTo, completeReply} from '../support/terminal/output-streams.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function pipe() {
  let out = '';
  let before = '';
  const piped = new PipedText((text) => void (out += text));
  return {
    piped,
    out: () => out,
    /** Updates that arrive at an interval. */
    play(texts: string[], intervalMs: number) {
      for (const text of texts) {
        const isAppend = text.startsWith(before);
        piped.update(isAppend ? {type: 'append', text: text.slice(before.length)} : {type: 'replace', text}, text);
        before = text;
        vi.advanceTimersByTime(intervalMs);
      }
    },
  };
}

test('a steady reply is written one update later', () => {
  const {out, play, piped} = pipe();
  play(['one', 'one two', 'one two three'], 1_000);
  expect(out()).toBe('one two');
  play(['one two three four'], 1_000);
  expect(out()).toBe('one two three');
  expect(piped.finish('one two three four')).toEqual({isExact: true});
  expect(out()).toBe('one two three four\n');
});

test('fast updates are written after 250 ms, without waiting for another one', () => {
  const {out, play} = pipe();
  play(['a', 'ab', 'abc', 'abcd'], 10);
  expect(out()).toBe('');
  vi.advanceTimersByTime(250);
  expect(out()).toBe('ab');
  vi.advanceTimersByTime(250);
  expect(out()).toBe('abc');
});

test('a newline is added only to a text that does not end in one', () => {
  const line = pipe();
  line.piped.finish('a\n\n');
  expect(line.out()).toBe('a\n\n');
  const empty = pipe();
  expect(empty.piped.finish('')).toEqual({isExact: true});
  expect(empty.out()).toBe('');
});

test('a progress message that is replaced is never written', () => {
  const {out, play, piped} = pipe();
  play(['Thinking...', 'Thinking... (1s elapsed)', 'Thinking... (2s elapsed)', 'Thinking... (3s elapsed)'], 1_000);
  play(['*Searching…*', 'The answer', 'The answer is', 'The answer is 42'], 1_000);
  expect(out()).toBe('');
  expect(piped.finish('The answer is 42.')).toEqual({isExact: true});
  expect(out()).toBe('The answer is 42.\n');
});

test('text that is replaced soon is never written', () => {
  const {out, play, piped} = pipe();
  play(['It is Ly', 'It is Lyon', 'It is Paris'], 200);
  expect(piped.finish('It is Paris.')).toEqual({isExact: true});
  expect(out()).toBe('It is Paris.\n');
});

test('if written text is replaced, the complete text is written last, and the caller is notified', () => {
  const {out, play, piped} = pipe();
  play(['It is Lyon', 'It is Lyon, as', 'It is Lyon, as all', 'It is Lyon, as all know', 'It is Paris'], 1_000);
  expect(piped.finish('It is Paris.')).toEqual({isExact: false});
  expect(out()).toBe('It is Lyon, as all\nIt is Paris.\n');
});

test('an emoji is never split', () => {
  const {out, play} = pipe();
  play(['a\uD83D', 'a👋'], 1_000);
  expect(out()).toBe('a');
  play(['a👋b'], 1_000);
  expect(out()).toBe('a👋');
});

test('the partial text of a reply that is cut off is written', () => {
  const {out, play, piped} = pipe();
  play(['one', 'one two'], 10);
  piped.stop();
  expect(out()).toBe('one two\n');
  vi.advanceTimersByTime(1_000);
  expect(out()).toBe('one two\n');
});

test('a reply that can only be added to is written at once', async () => {
  const {output, out} = outputTo();
  const view = await output.reply({asEvents: false});
  view.start({...completeReply(''), protocol: 'openai'});
  view.event({type: 'append', text: 'Thinking'}, 'Thinking');
  view.event({type: 'append', text: '...\uD83D'}, 'Thinking...\uD83D');
  vi.advanceTimersByTime(0);
  expect(out()).toBe('Thinking...');
  view.event({type: 'append', text: '\uDC4B'}, 'Thinking...👋');
  vi.advanceTimersByTime(0);
  expect(out()).toBe('Thinking...👋');
  await view.done(completeReply('Thinking...👋'));
  expect(out()).toBe('Thinking...👋\n');
});

test('on a dumb terminal, a line ending or an emoji that arrives in two parts is written once', async () => {
  const {output, out, err} = outputTo({columns: 80}, {env: {TERM: 'dumb'}});
  const view = await output.reply({asEvents: false});
  const text = 'one\r\ntwo 😀 three\u001b[31m';
  for (let at = 1; at <= text.length; at++) {
    view.event({type: 'append', text: text.slice(at - 1, at)}, text.slice(0, at));
    vi.advanceTimersByTime(1_000);
  }
  expect(out()).toBe('one\ntwo 😀 three␛[31');
  await view.done(completeReply(text));
  expect({out: out(), err: err()}).toEqual({out: 'one\ntwo 😀 three␛[31m\n', err: ''});
});

test('while the reader is busy, text waits, and is then written once', async () => {
  let out = '';
  let read = () => {};
  const piped = new PipedText((text) => {
    out += text;
    return new Promise<void>((resolve) => (read = resolve));
  });
  const texts = ['a', 'ab', 'abc', 'abcd', 'abcde'];
  for (const text of texts) {
    piped.update({type: 'append', text: text.slice(-1)}, text);
    vi.advanceTimersByTime(1_000);
  }
  expect(out).toBe('a');
  read();
  await vi.advanceTimersByTimeAsync(0);
  expect(out).toBe('abcd');
  piped.finish('abcde');
  read();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(out).toBe('abcde\n');
});

test('a text of several megabytes is written in parts that split no character', async () => {
  const {output, stdout} = outputTo();
  const parts: string[] = [];
  stdout.write = (part: string) => parts.push(part) > 0;
  const view = await output.reply({asEvents: false});
  const text = `${'a'.repeat(1024 * 1024 - 1)}${'😀'.repeat(1024 * 1024)}`;
  view.start(completeReply(''));
  view.event({type: 'append', text}, text);
  await view.done(completeReply(text));
  expect(parts.every((part) => !/[\ud800-\udbff]$/.test(part) && part.length <= 1024 * 1024)).toBe(true);
  expect(parts.join('') === `${text}\n`).toBe(true);
});

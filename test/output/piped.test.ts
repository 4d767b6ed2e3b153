import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {PipedText} from '../../src/output/reply/piped.js';
import {outputTo, wholeReply} from '../support/output-streams.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function pipe() {
  let out = '';
  const piped = new PipedText((text) => (out += text));
  return {
    piped,
    out: () => out,
    /** Updates that come so many milliseconds apart. */
    play(texts: string[], everyMs: number) {
      for (const text of texts) {
        piped.update(text);
        vi.advanceTimersByTime(everyMs);
      }
    },
  };
}

test('a steady reply flows, one word behind', () => {
  const {out, play, piped} = pipe();
  play(['one', 'one two', 'one two three'], 1_000);
  expect(out()).toBe('one two');
  play(['one two three four'], 1_000);
  expect(out()).toBe('one two three');
  expect(piped.finish('one two three four')).toEqual({exact: true});
  expect(out()).toBe('one two three four\n');
});

test('what comes fast is written a quarter of a second later, without waiting for more', () => {
  const {out, play} = pipe();
  play(['a', 'ab', 'abc', 'abcd'], 10);
  expect(out()).toBe('');
  vi.advanceTimersByTime(250);
  expect(out()).toBe('ab');
  vi.advanceTimersByTime(250);
  expect(out()).toBe('abc');
});

test('a text that already ends its line gets no second newline, an empty one none at all', () => {
  const line = pipe();
  line.piped.finish('a\n\n');
  expect(line.out()).toBe('a\n\n');
  const empty = pipe();
  expect(empty.piped.finish('')).toEqual({exact: true});
  expect(empty.out()).toBe('');
});

test('progress that is replaced never shows', () => {
  const {out, play, piped} = pipe();
  play(['Thinking...', 'Thinking... (1s elapsed)', 'Thinking... (2s elapsed)', 'Thinking... (3s elapsed)'], 1_000);
  play(['*Searching…*', 'The answer', 'The answer is', 'The answer is 42'], 1_000);
  expect(out()).toBe('');
  expect(piped.finish('The answer is 42.')).toEqual({exact: true});
  expect(out()).toBe('The answer is 42.\n');
});

test('a change soon after the start never shows', () => {
  const {out, play, piped} = pipe();
  play(['It is Ly', 'It is Lyon', 'It is Paris'], 200);
  expect(piped.finish('It is Paris.')).toEqual({exact: true});
  expect(out()).toBe('It is Paris.\n');
});

test('a change of what was written already is told, and the whole text stands last', () => {
  const {out, play, piped} = pipe();
  play(['It is Lyon', 'It is Lyon, as', 'It is Lyon, as all', 'It is Lyon, as all know', 'It is Paris'], 1_000);
  expect(piped.finish('It is Paris.')).toEqual({exact: false});
  expect(out()).toBe('It is Lyon, as all\nIt is Paris.\n');
});

test('a character is not written by halves', () => {
  const {out, play} = pipe();
  play(['a\uD83D', 'a👋'], 1_000);
  expect(out()).toBe('a');
  play(['a👋b'], 1_000);
  expect(out()).toBe('a👋');
});

test('when the reply breaks off, what came is written', () => {
  const {out, play, piped} = pipe();
  play(['one', 'one two'], 10);
  piped.stop();
  expect(out()).toBe('one two\n');
  vi.advanceTimersByTime(1_000);
  expect(out()).toBe('one two\n');
});

test('on a terminal that cannot be drawn on, a line end or an emoji that comes in halves is no change', async () => {
  const {output, out, err} = outputTo({columns: 80}, {env: {TERM: 'dumb'}});
  const view = await output.reply({asEvents: false});
  const text = 'one\r\ntwo 😀 three\u001b[31m';
  for (let at = 1; at <= text.length; at++) {
    view.step({type: 'append', text: text.slice(at - 1, at)}, text.slice(0, at));
    vi.advanceTimersByTime(1_000);
  }
  expect(out()).toBe('one\ntwo 😀 three␛[31');
  await view.done(wholeReply(text));
  expect({out: out(), err: err()}).toEqual({out: 'one\ntwo 😀 three␛[31m\n', err: ''});
});

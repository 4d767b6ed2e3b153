import {expect, test} from 'vitest';
import {LargeNumberSearch, parseExactJson} from '../../src/core/http/json.js';
import {openFrame} from '../../src/core/web/live/frame.js';

const frameOf = (text: string, seq: string) =>
  JSON.stringify({
    messages: [JSON.stringify({message_type: 'subscriptionUpdate', payload: {data: {messageAdded: {text}}}})],
    min_seq: 0,
  }).replace('"min_seq":0', `"min_seq":${seq}`);

test('an ID beyond 2^53 keeps its digits, wherever it appears in frames that repeat the text so far', () => {
  const numbers = new LargeNumberSearch();
  const positions = ['1', '1234567890123456', '12345678901234567', '12345678901234568', '2', '9007199254740993'];
  for (const [index, seq] of positions.entries()) {
    const text = 'a word '.repeat(10 * index);
    expect(String(openFrame(frameOf(text, seq), numbers)?.().position)).toBe(seq);
  }
});

test('a text that grows by single digits is found when the number becomes too large', () => {
  const numbers = new LargeNumberSearch();
  const digits = '12345678901234567';
  const found = Array.from({length: digits.length}, (_, index) => numbers.has(`{"id":${digits.slice(0, index + 1)}`));
  expect(found.indexOf(true)).toBe(16);
});

test.each([
  ['9007199254740993', '"9007199254740993"'],
  ['-9007199254740993', '"-9007199254740993"'],
  ['12345678901234567', '"12345678901234567"'],
  ['9007199254740991', '9007199254740991'],
  ['1742751040000000', '1742751040000000'],
  ['"9007199254740993"', '"9007199254740993"'],
])('the number %s is read as %s wherever it is in the text', (sent, read) => {
  for (let indent = 0; indent < 20; indent++) {
    const text = `{"text":"${'a'.repeat(indent)}","id":${sent},"more":[12345]}`;
    expect(parseExactJson(text)).toMatchObject({id: JSON.parse(read)});
  }
});

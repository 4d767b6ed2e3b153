import {expect, test} from 'vitest';
import {openFrame} from '../../src/core/web/live/frame.js';
import {FrameReader} from '../../src/core/web/live/frame-reader.js';

/* Frames of a growing reply, of which only what was added is parsed. */

const pieces = [
  'a',
  '"',
  '\\',
  '\\"',
  '\n',
  'é',
  '😀',
  '\ud83d',
  '\ude00',
  '","text":"',
  '\\",\\"',
  '{}',
  'a a',
  '12345678901234567',
];

/** A frame as a server writes it: with escapes or without, with blanks or without. */
function frameOf(text: string, seq: number, {isAscii, gap, state}: {isAscii: boolean; gap: string; state: string}) {
  const escaped = (json: string) =>
    isAscii ? json.replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`) : json;
  const message = {id: 'b', messageId: 12, attachments: [{text: 'a'}], text, state, author: 'bot'};
  const payload = {unique_id: 'messageAdded:77', subscription_name: 'messageAdded', data: {messageAdded: message}};
  const inner = escaped(JSON.stringify({message_type: 'subscriptionUpdate', payload}));
  return `{"messages":${gap}[${escaped(JSON.stringify(inner))}],${gap}"min_seq":${gap}${seq}}`;
}

test('frames that repeat the text so far are read as if each were the first', () => {
  const random = randomFrom(7);
  for (let reply = 0; reply < 100; reply += 1) {
    const reader = new FrameReader();
    const form = {isAscii: random(2) === 0, gap: random(2) === 0 ? ' ' : ''};
    const reads: {json: string; finish: ReturnType<FrameReader['read']>}[] = [];
    let text = '';
    for (let seq = 95; seq < 125; seq += 1) {
      const added = Array.from({length: random(4)}, () => pieces[random(pieces.length)]).join('');
      text = random(12) === 0 ? text.slice(0, random(text.length + 1)) + added : text + added;
      const json = frameOf(text, seq, {...form, state: random(15) === 0 ? 'complete' : 'incomplete'});
      reads.push({json, finish: reader.read(json)});
    }
    for (const {json, finish} of reads) expect(finish()).toEqual(openFrame(json)?.());
  }
});

test('a frame in which another text has grown, or that is cut off, is read completely', () => {
  const frame = (text: string, other: string, seq = 5) =>
    JSON.stringify({messages: [JSON.stringify({payload: {data: {messageAdded: {text, other}}}})], min_seq: seq});
  const frames = [frame('a', 'b'), frame('aa', 'b'), frame('aa', 'bb'), frame('aaa', 'bb', 6), frame('aaaa', 'bb', 7)];
  const reader = new FrameReader();
  for (const json of [...frames, ...frames.toReversed(), frames[1]?.slice(0, -9) ?? '', ...frames])
    expect(reader.read(json)()).toEqual(openFrame(json)?.());
});

/** Numbers that look random, and are the same in each run. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed * 7919;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
}

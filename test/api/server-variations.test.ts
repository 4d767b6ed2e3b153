import {describe, expect, test} from 'vitest';
import {type Answer, chunks, delta, eventStream, otherApi} from '../support/other-api.js';

/* Answers of Poe's API in forms that its documentation allows, or that others were seen to send. */

const completions = '/v1/chat/completions';

async function asking(answer: Answer, ...argv: string[]) {
  const {run, asked} = await otherApi({
    [completions]: answer,
    '/bot/Native': answer,
    '/v1/models': {object: 'list', data: [{id: 'Bot', pricing: null, context_window: null, reasoning: null}]},
  });
  const outcome = await run('send', '--via', 'api', ...(argv.includes('-b') ? [] : ['-b', 'bot']), ...argv, 'hello');
  return {...outcome, times: asked.filter(({path}) => path !== '/v1/models').length};
}

const native = (answer: Answer, ...argv: string[]) => asking(answer, '-b', 'Native', ...argv);
const whole = {choices: [{index: 0, message: {role: 'assistant', content: 'yes'}, finish_reason: 'stop'}]};
const json = (value: unknown) => JSON.stringify(value);

describe('an answer is read', () => {
  test.each<[string, Answer, string]>([
    ['in one piece, as a stream', eventStream(json(whole)), 'yes'],
    ['in one piece, with nothing said of its type', {type: '', text: ` \n${json(whole)}`}, 'yes'],
    [
      'as a stream, called JSON',
      {type: 'application/json', text: `data: ${json(delta({content: 'yes'}, 'stop'))}\n\n`},
      'yes',
    ],
    [
      'whose last event has no empty line after it',
      eventStream(`data: ${json(delta({content: 'yes'}, 'stop'))}`),
      'yes',
    ],
    [
      'whose events have names and several lines',
      eventStream(`event: message\nid: 7\ndata: {"choices":[{"delta":\ndata: {"content":"yes"}}]}\n\ndata: [DONE]\n\n`),
      'yes',
    ],
    [
      'with words between its events that are no JSON',
      chunks(['data: ping\n\n', delta({content: 'yes'}), 'data: [PING]\n\n']),
      'yes',
    ],
    [
      'with lines that end in CR alone',
      eventStream(`data: ${json(delta({content: 'yes'}))}\r\rdata: [DONE]\r\r`),
      'yes',
    ],
    [
      'behind a byte order mark',
      eventStream(`\uFEFFdata: ${json(delta({content: 'yes'}))}\n\ndata: [DONE]\n\n`),
      'yes',
    ],
    [
      'with members that are null',
      chunks([
        {choices: null},
        {choices: [{delta: null}]},
        {
          id: null,
          choices: [{index: 0, delta: {role: null, content: 'yes', tool_calls: null, reasoning: null}, logprobs: null}],
          usage: null,
        },
      ]),
      'yes',
    ],
    [
      'of which another begins before it',
      chunks([{choices: [{index: 1, delta: {content: 'no'}}]}, {choices: [{index: 0, delta: {content: 'yes'}}]}]),
      'yes',
    ],
  ])('%s', async (_how, answer, text) => {
    expect(await asking(answer)).toEqual({code: 0, out: `${text}\n`, err: '', times: 1});
  });

  test.each<[string, Answer]>([
    [
      'whose last event has no empty line after it',
      eventStream('event: text\ndata: {"text":"yes"}\n\nevent: done\ndata: {}'),
    ],
    [
      'with events and members that nobody knows',
      eventStream(
        'event: novelty\ndata: {"x":1}\n\nevent: text\ndata: {"text":"yes","new":null,"index":null}\n\ndata: {"nameless":1}\n\nevent: done\ndata: {}\n\n',
      ),
    ],
    ['whose end has no data', eventStream('event: text\r\ndata: {"text":"yes"}\r\n\r\nevent: done\r\ndata:\r\n\r\n')],
    [
      'with text as JSON of OpenAI’s form',
      eventStream(
        'event: json\ndata: {"choices":[{"delta":{"content":"yes"},"finish_reason":null}]}\n\nevent: done\ndata: {}\n\n',
      ),
    ],
  ])('of a bot of Poe’s own protocol, %s', async (_how, answer) => {
    expect(await native(answer)).toEqual({code: 0, out: 'yes\n', err: '', times: 1});
  });
});

describe('an answer that ends before its end says so', () => {
  test.each(['stream', 'whole'])('because it may not be longer (%s)', async (how) => {
    const choice = {message: {content: 'yes'}, finish_reason: 'length'};
    const answer = how === 'whole' ? {choices: [choice]} : chunks([delta({content: 'yes'}), delta({}, 'length')]);
    expect(await asking(answer)).toMatchObject({
      code: 0,
      out: 'yes\n',
      err: expect.stringMatching(/^The reply reached its maximum length/),
    });
    expect(await asking(answer, '-q')).toMatchObject({out: 'yes\n', err: ''});
    expect(JSON.parse((await asking(answer, '--json')).out)).toMatchObject({finishReason: 'length'});
  });

  test('because of what it says', async () => {
    const {code, out, err} = await asking(chunks([delta({content: 'yes'}), delta({}, 'content_filter')]));
    expect({code, out}).toEqual({code: 0, out: 'yes\n'});
    expect(err).toContain('filter');
  });

  test('a bot that wants a tool to be called is told of as one', async () => {
    const call = {index: 0, id: 'c', type: 'function', function: {name: 'getWeather', arguments: '{}'}};
    const {code, err} = await asking(chunks([delta({content: null, tool_calls: [call]}), delta({}, 'tool_calls')]));
    expect(code).toBe(1);
    expect(err).toContain('tool');
  });
});

describe('a failure is told as what it is', () => {
  test.each<[string, Answer, number, string]>([
    [
      'an error with status 200',
      {type: 'application/json', text: json({error: {message: 'no more', type: 'insufficient_credits', code: 402}})},
      5,
      'no more',
    ],
    [
      'an error in place of a stream',
      eventStream(json({error: {message: 'too fast', type: 'rate_limit_error'}})),
      5,
      'too fast',
    ],
    [
      'an error of the form of Anthropic',
      chunks([
        delta({content: 'so far'}),
        'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"busy"}}\n\n',
      ]),
      1,
      'busy',
    ],
    [
      'an error in words',
      chunks([delta({content: 'so far'}), 'event: error\ndata: out of order\n\n']),
      1,
      'out of order',
    ],
    ['a web page', {type: 'text/html', text: '<html><title>Hello</title>'}, 6, 'web page'],
  ])('%s', async (_what, answer, code, words) => {
    const outcome = await asking(answer);
    expect(outcome).toMatchObject({code, times: 1});
    expect(outcome.err).toContain(words);
    expect(outcome.err).not.toContain('<html>');
  });

  test.each<[string, Answer, number, string]>([
    [
      'an error with status 200',
      {type: 'application/json', text: json({error: {message: 'no such key', type: 'authentication_error'}})},
      4,
      'no such key',
    ],
    ['an error in words', eventStream('event: error\ndata: out of order\n\n'), 1, 'out of order'],
    ['a web page', {type: 'text/html', text: '<!doctype html><title>Hello</title>'}, 6, 'web page'],
  ])('%s, of a bot of Poe’s own protocol', async (_what, answer, code, words) => {
    const outcome = await native(answer);
    expect(outcome.code).toBe(code);
    expect(outcome.err).toContain(words);
  });
});

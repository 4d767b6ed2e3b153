import {describe, expect, test} from 'vitest';
import {type Answer, chunks, delta, eventStream, scriptedApi} from '../../support/servers/scripted-api.js';

/* Responses in forms that Poe's documentation allows or that OpenAI-compatible servers send. */

const completions = '/v1/chat/completions';

async function sendWithResponse(answer: Answer, ...argv: string[]) {
  const {run, requests} = await scriptedApi({
    [completions]: answer,
    '/bot/Native': answer,
    '/v1/models': {object: 'list', data: [{id: 'Bot', pricing: null, context_window: null, reasoning: null}]},
  });
  const outcome = await run('send', '--via', 'api', ...(argv.includes('-b') ? [] : ['-b', 'bot']), ...argv, 'hello');
  return {...outcome, times: requests.filter(({path}) => path !== '/v1/models').length};
}

const native = (answer: Answer, ...argv: string[]) => sendWithResponse(answer, '-b', 'Native', ...argv);
const whole = {choices: [{index: 0, message: {role: 'assistant', content: 'yes'}, finish_reason: 'stop'}]};
const json = (value: unknown) => JSON.stringify(value);

describe('a reply is read', () => {
  test.each<[string, Answer, string]>([
    ['that is not streamed, but labelled as a stream', eventStream(json(whole)), 'yes'],
    ['that is not streamed and has no media type', {type: '', text: ` \n${json(whole)}`}, 'yes'],
    [
      'that is streamed, but labelled as JSON',
      {type: 'application/json', text: `data: ${json(delta({content: 'yes'}, 'stop'))}\n\n`},
      'yes',
    ],
    [
      'without an empty line after the last event',
      eventStream(`data: ${json(delta({content: 'yes'}, 'stop'))}`),
      'yes',
    ],
    [
      'with named events of several lines',
      eventStream(`event: message\nid: 7\ndata: {"choices":[{"delta":\ndata: {"content":"yes"}}]}\n\ndata: [DONE]\n\n`),
      'yes',
    ],
    ['with events that are not JSON', chunks(['data: ping\n\n', delta({content: 'yes'}), 'data: [PING]\n\n']), 'yes'],
    ['with lines that end in CR', eventStream(`data: ${json(delta({content: 'yes'}))}\r\rdata: [DONE]\r\r`), 'yes'],
    ['after a byte order mark', eventStream(`\uFEFFdata: ${json(delta({content: 'yes'}))}\n\ndata: [DONE]\n\n`), 'yes'],
    [
      'with fields that are null',
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
      'that is the second choice in the stream',
      chunks([{choices: [{index: 1, delta: {content: 'no'}}]}, {choices: [{index: 0, delta: {content: 'yes'}}]}]),
      'yes',
    ],
  ])('%s', async (_how, answer, text) => {
    expect(await sendWithResponse(answer)).toEqual({code: 0, out: `${text}\n`, err: '', times: 1});
  });

  test.each<[string, Answer]>([
    [
      'without an empty line after the last event',
      eventStream('event: text\ndata: {"text":"yes"}\n\nevent: done\ndata: {}'),
    ],
    [
      'with unknown events and fields',
      eventStream(
        'event: novelty\ndata: {"x":1}\n\nevent: text\ndata: {"text":"yes","new":null,"index":null}\n\ndata: {"nameless":1}\n\nevent: done\ndata: {}\n\n',
      ),
    ],
    [
      'whose last event has no data',
      eventStream('event: text\r\ndata: {"text":"yes"}\r\n\r\nevent: done\r\ndata:\r\n\r\n'),
    ],
    [
      'with text in OpenAI’s format',
      eventStream(
        'event: json\ndata: {"choices":[{"delta":{"content":"yes"},"finish_reason":null}]}\n\nevent: done\ndata: {}\n\n',
      ),
    ],
  ])('in the native protocol, %s', async (_how, answer) => {
    expect(await native(answer)).toEqual({code: 0, out: 'yes\n', err: '', times: 1});
  });
});

describe('a reply that was cut off prints a note', () => {
  test.each(['stream', 'whole'])('because of its maximum length (%s)', async (how) => {
    const choice = {message: {content: 'yes'}, finish_reason: 'length'};
    const answer = how === 'whole' ? {choices: [choice]} : chunks([delta({content: 'yes'}), delta({}, 'length')]);
    expect(await sendWithResponse(answer)).toMatchObject({
      code: 0,
      out: 'yes\n',
      err: expect.stringMatching(/^The reply reached its maximum length/),
    });
    expect(await sendWithResponse(answer, '-q')).toMatchObject({out: 'yes\n', err: ''});
    expect(JSON.parse((await sendWithResponse(answer, '--json')).out)).toMatchObject({finishReason: 'length'});
  });

  test('because of its content', async () => {
    const {code, out, err} = await sendWithResponse(chunks([delta({content: 'yes'}), delta({}, 'content_filter')]));
    expect({code, out}).toEqual({code: 0, out: 'yes\n'});
    expect(err).toContain('filter');
  });

  test('a bot that calls a tool is an error', async () => {
    const call = {index: 0, id: 'c', type: 'function', function: {name: 'getWeather', arguments: '{}'}};
    const {code, err} = await sendWithResponse(
      chunks([delta({content: null, tool_calls: [call]}), delta({}, 'tool_calls')]),
    );
    expect(code).toBe(1);
    expect(err).toContain('tool');
  });
});

describe('a failure is reported', () => {
  test.each<[string, Answer, number, string]>([
    [
      'an error with status 200',
      {type: 'application/json', text: json({error: {message: 'no more', type: 'insufficient_credits', code: 402}})},
      5,
      'no more',
    ],
    [
      'an error instead of a stream',
      eventStream(json({error: {message: 'too fast', type: 'rate_limit_error'}})),
      5,
      'too fast',
    ],
    [
      'an error in Anthropic’s format',
      chunks([
        delta({content: 'so far'}),
        'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"busy"}}\n\n',
      ]),
      1,
      'busy',
    ],
    [
      'an error that is plain text',
      chunks([delta({content: 'so far'}), 'event: error\ndata: out of order\n\n']),
      1,
      'out of order',
    ],
    ['a web page', {type: 'text/html', text: '<html><title>Hello</title>'}, 7, 'web page'],
  ])('%s', async (_what, answer, code, words) => {
    const outcome = await sendWithResponse(answer);
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
    ['an error that is plain text', eventStream('event: error\ndata: out of order\n\n'), 1, 'out of order'],
    ['a web page', {type: 'text/html', text: '<!doctype html><title>Hello</title>'}, 7, 'web page'],
  ])('%s, in the native protocol', async (_what, answer, code, words) => {
    const outcome = await native(answer);
    expect(outcome.code).toBe(code);
    expect(outcome.err).toContain(words);
  });
});

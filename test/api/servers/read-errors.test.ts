import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {type Answer, chunks, delta, eventStream, scriptedApi} from '../../support/servers/scripted-api.js';

/* What errors and odd ends of the API mean. */

const completions = '/v1/chat/completions';
const models = {'/v1/models': {data: [{id: 'Bot'}]}};
const send = ['send', '--via', 'api', '-b', 'bot'];

const asking = async (answer: Answer, ...argv: string[]) =>
  (await scriptedApi({...models, [completions]: answer, '/bot/bot': answer})).run(...send, ...argv, 'hello');

const rejection = (error: object, status = 400): Answer => ({
  type: 'application/json',
  text: JSON.stringify({error}),
  status,
});

test.each<[string, Answer]>([
  ['in a stream', chunks([delta({refusal: 'I cannot '}), delta({refusal: 'do that.'}), delta({}, 'stop')])],
  ['in one piece', {choices: [{message: {content: null, refusal: 'I cannot do that.'}, finish_reason: 'stop'}]}],
])('a refusal is shown as the reply (%s)', async (_how, answer) => {
  expect(await asking(answer)).toEqual({code: 0, out: 'I cannot do that.\n', err: ''});
});

test.each<[string, Answer]>([
  ['a status', rejection({message: 'Too many tokens.', code: 'context_length_exceeded'})],
  ['a message', rejection({message: "This model's maximum context length is 8192 tokens."})],
  ['a message of Anthropic', rejection({message: 'prompt is too long: 210000 tokens > 200000 maximum'})],
  ['an error in the stream', eventStream('data: {"error":{"message":"x","code":"context_length_exceeded"}}\n\n')],
])('a message that is longer than the context is too large (%s)', async (_how, answer) => {
  const {code, err} = await asking(answer);
  expect({code, err}).toEqual({code: 5, err: expect.stringContaining('The message is too large for the bot')});
});

test('an empty finish reason does not complete a reply', async () => {
  const cut = chunks([delta({content: 'so far'}, ''), delta({content: ''}, '')], '');
  expect(await asking(cut)).toMatchObject({code: 7, out: 'so far\n'});
  const complete = chunks([delta({content: 'yes'}, ''), delta({}, 'stop')], '');
  expect(await asking(complete)).toMatchObject({code: 0, out: 'yes\n'});
});

test('after an error that cannot be retried, the hint does not suggest to try again', async () => {
  const error = eventStream('event: error\ndata: {"text":"No such tool.","allow_retry":false}\n\n');
  const {code, err} = await asking(error, '--protocol', 'native');
  expect(code).toBe(1);
  expect(err).toMatch(/No such tool\.\n +The same message would fail again\. Change it, or use another bot\.\n$/);
});

test('HTTP 422 is a rejected request', async () => {
  const {code, err} = await asking(rejection({message: 'temperature: must be a number'}, 422));
  expect({code, err}).toEqual({
    code: 1,
    err: expect.stringMatching(/rejected.*temperature.*\n.*poe bot-info \S+ --params --via api\n/),
  });
});

test('an endpoint that the API does not have is not taken for a bot', async () => {
  const {run} = await scriptedApi({});
  for (const argv of [['usage'], ['settings', '--via', 'api'], ['explore', '--via', 'api']]) {
    const {code, err} = await run(...argv);
    expect({argv, code, err}).toEqual({
      argv,
      code: 1,
      err: expect.stringMatching(/has no \/\S+ \(HTTP 404\)\n +Check the URL/),
    });
    expect(err).not.toContain('bot');
  }
});

const unknown = (param: string) => rejection({message: 'Not supported.', code: 'unknown_parameter', param});
const reply = chunks([delta({content: 'yes'}), delta({}, 'stop')]);

/** An API whose bot rejects a field of the request. */
async function rejecting(field: string, error: Answer = unknown(field)) {
  const bodies: Record<string, unknown>[] = [];
  const api = await scriptedApi({
    ...models,
    [completions]() {
      const body: Record<string, unknown> = JSON.parse(api.requests.at(-1)?.body ?? '{}');
      bodies.push(body);
      return (field.split('.')[0] ?? '') in body ? error : reply;
    },
  });
  return {...api, bodies};
}

test.each<[string, Answer?]>([
  ['in param'],
  ['in the message', rejection({message: "Unknown parameter: 'stream_options.include_usage'."})],
])(
  'a field that poe adds and a bot rejects (named %s) is omitted, and the bot remembered for a day',
  async (_how, error) => {
    const {run, bodies, env} = await rejecting('stream_options.include_usage', error);
    expect(await run(...send, 'hello')).toEqual({code: 0, out: 'yes\n', err: ''});
    expect(await run(...send, 'hello')).toEqual({code: 0, out: 'yes\n', err: ''});
    expect(bodies.map((body) => 'stream_options' in body)).toEqual([true, false, false]);
    const path = join(env.POE_CONFIG_DIR, 'rejected-fields.json');
    const yesterday = Date.now() - 25 * 3_600_000;
    writeFileSync(path, readFileSync(path, 'utf8').replace(/\d{13}/, String(yesterday)));
    await run(...send, 'hello');
    expect(bodies.map((body) => 'stream_options' in body)).toEqual([true, false, false, true, false]);
  },
);

test('a parameter of the user is not omitted', async () => {
  for (const field of ['temperature', 'stream_options.include_usage']) {
    const {run, bodies} = await rejecting(field);
    const param = field === 'temperature' ? 'temperature=1' : 'stream_options=x';
    const {code, err} = await run(
      'send',
      '--via',
      'api',
      '-b',
      'unlisted',
      '--protocol',
      'openai',
      '--param',
      param,
      'hello',
    );
    expect({field, code, err}).toEqual({field, code: 1, err: expect.stringContaining('Not supported.')});
    expect(bodies).toHaveLength(1);
  }
});

test('a bot that rejects something else is not asked again', async () => {
  for (const error of [
    unknown('messages'),
    rejection({message: 'no', code: 'invalid_value', param: 'stream_options'}),
  ]) {
    const {run, bodies} = await rejecting('stream_options', error);
    expect(await run(...send, 'hello')).toMatchObject({code: 1});
    expect(bodies).toHaveLength(1);
  }
});

test.each([
  ['an error event', eventStream('event: error\ndata: {"error":{"message":"boom","type":"x"}}\n\n')],
  ['an empty reply', chunks([delta({}, 'stop')])],
])('after %s, the hint says that the message may have been charged', async (_name, answer) => {
  const {code, err} = await asking(answer);
  expect({code, err}).toEqual({
    code: 1,
    err: expect.stringContaining('\n     The message may have been charged. Try again, or use another bot.\n'),
  });
});

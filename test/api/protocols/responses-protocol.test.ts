import {expect, test} from 'vitest';
import {withKey} from '../../support/with-key.js';

/* OpenAI's protocol "Responses", for web search and summaries of reasoning. */

const path = '/v1/responses';

test('--protocol responses asks in the format of Responses, with the whole chat', async () => {
  const {run, sandbox} = await withKey({pace: 0});
  const ask = (...argv: string[]) => run('send', '--protocol', 'responses', '--json', ...argv);
  expect(JSON.parse((await ask('-b', 'Sandbox-Thinker', '2+2?')).out)).toMatchObject({
    text: '4',
    protocol: 'responses',
    reasoning: 'Two and two is four.',
    finishReason: 'stop',
    usage: {promptTokens: 7, completionTokens: 3, cachedTokens: 0},
  });
  await ask('-c', 'last', 'Sure?');
  const bodies = sandbox.requests
    .filter((request) => request.path === path)
    .map(({body}): unknown => JSON.parse(Buffer.from(body).toString('utf8')));
  expect(bodies[1]).toEqual({
    model: 'Sandbox-Thinker',
    stream: true,
    input: [
      {role: 'user', content: '2+2?'},
      {role: 'assistant', content: '4'},
      {role: 'user', content: 'Sure?'},
    ],
  });
});

test('the pages that a bot cites are listed below its reply, and in JSON', async () => {
  const {run} = await withKey({pace: 0});
  const ask = (...argv: string[]) =>
    run('send', '--protocol', 'responses', '-b', 'Sandbox-Web', '--param', 'web_search=true', 'What is tea?', ...argv);
  const {out, err} = await ask();
  expect(out).toBe('Tea is a drink.\n');
  expect(err).toContain('[1] Tea  https://tea.example/leaves');
  expect(err).toContain('[2] Drinks  https://drinks.example/');
  const sources = [
    {title: 'Tea', url: 'https://tea.example/leaves'},
    {title: 'Drinks', url: 'https://drinks.example/'},
  ];
  expect(JSON.parse((await ask('--json')).out).sources).toEqual(sources);
  expect(JSON.parse((await run('attach', 'last', '--json')).out).sources).toEqual(sources);
  const attached = await run('attach', 'last');
  expect({out: attached.out, err: attached.err}).toEqual({
    out: 'Tea is a drink.\n',
    err: expect.stringContaining('[1] Tea  https://tea.example/leaves'),
  });
});

test('effort and the summary of reasoning are requested in the format’s terms', async () => {
  const {run, sandbox} = await withKey({pace: 0});
  const argv = ['-b', 'claude-sonnet-4.6', '--param', 'output_effort=high', '--param', 'max_tokens=50', 'hi'];
  expect((await run('send', '--protocol', 'responses', ...argv)).code).toBe(0);
  const {body} = sandbox.requests.find((request) => request.path === path) ?? {body: ''};
  expect(JSON.parse(Buffer.from(body).toString('utf8'))).toMatchObject({
    reasoning: {effort: 'high', summary: 'auto'},
    max_output_tokens: 50,
  });
});

import {expect, test} from 'vitest';
import {withKey} from '../support/with-key.js';

/* The list of bots that the API has, and what explore and bot-info make of it. */

const model = (id: string, fields: object): object => ({
  id,
  created: 1_770_262_891_433,
  owned_by: 'Tea Inc.',
  description: `About ${id}`,
  architecture: {input_modalities: ['text'], output_modalities: ['text']},
  supported_features: [],
  supported_endpoints: ['/v1/chat/completions'],
  pricing: null,
  parameters: [],
  ...fields,
});

const pricing = (fields: object) => ({prompt: null, completion: null, image: null, request: null, ...fields});

const models = [
  model('Old', {created: 1_600_000_000_000, pricing: pricing({prompt: '0.00001', completion: '0.00002'})}),
  model('Free', {created: 1_710_000_000_000, pricing: pricing({request: '0.00'}), context_length: 8000}),
  model('Painter', {
    created: 1_720_000_000_000,
    architecture: {input_modalities: ['text', 'image'], output_modalities: ['image']},
    supported_endpoints: ['/v1/images'],
    pricing: pricing({request: '300'}),
  }),
  model('New', {
    created: Date.now() - 86_400_000,
    owned_by: 'Coffee Ltd.',
    supported_features: ['tools', 'web_search'],
    supported_endpoints: ['/v1/messages', '/v1/chat/completions'],
    pricing: pricing({prompt: '0.000001', completion: '0.000002', input_cache_read: '0.0000001'}),
    context_length: 200_000,
    reasoning: {budget: {min_tokens: 0, max_tokens: 63_999}, required: false, supports_reasoning_effort: true},
    parameters: [
      {name: 'effort', schema: {enum: ['low', 'high']}, default_value: 'low', description: 'How hard'},
      {name: 'budget', schema: {type: 'number', minimum: 0, maximum: 100}, default_value: 0},
    ],
  }),
];

async function withModels() {
  const {run, sandbox} = await withKey();
  sandbox.faults.respondOnce({path: '/v1/models'}, {status: 200, body: JSON.stringify({object: 'list', data: models})});
  const explore = async (...argv: string[]) => {
    const {code, out, err} = await run('explore', '--json', ...argv);
    expect({code, err}).toEqual({code: 0, err: expect.any(String)});
    return out
      .split('\n')
      .filter(Boolean)
      .map((line): string => JSON.parse(line).handle);
  };
  return {run, sandbox, explore};
}

test('explore lists the newest bots first, the cheapest, or those with the largest context', async () => {
  const {explore} = await withModels();
  expect(await explore()).toEqual(['New', 'Painter', 'Free', 'Old']);
  expect(await explore('--sort', 'price')).toEqual(['Free', 'New', 'Painter', 'Old']);
  expect(await explore('--sort', 'context')).toEqual(['New', 'Free', 'Old', 'Painter']);
});

test.each([
  [['--input', 'image'], ['Painter']],
  [['--output', 'image'], ['Painter']],
  [['--feature', 'tools'], ['New']],
  [['--endpoint', 'messages'], ['New']],
  [
    ['--endpoint', '/v1/chat/completions'],
    ['New', 'Free', 'Old'],
  ],
  [['--endpoint', 'ages'], []],
  [['--owner', 'coffee'], ['New']],
  [['--free'], ['Free']],
  [['--since', '2w'], ['New']],
  [
    ['--since', '2021-01-01', '--output', 'text'],
    ['New', 'Free'],
  ],
])('explore %j lists %j', async (flags, handles) => {
  const {explore} = await withModels();
  expect(await explore(...flags)).toEqual(handles);
});

test('the list is downloaded once an hour, or again with --fresh', async () => {
  const {run, sandbox, explore} = await withModels();
  const downloads = () => sandbox.requests.filter(({path}) => path === '/v1/models').length;
  await explore();
  await explore();
  expect(downloads()).toBe(1);
  expect((await run('bot-info', 'Painter')).code).toBe(0);
  expect(downloads()).toBe(1);
  expect(await explore('--fresh', '--owner', 'Google')).toContain('veo-3.1');
  expect(downloads()).toBe(2);
  expect((await run('bot-info', 'Painter', '--fresh')).code).toBe(3);
  expect(downloads()).toBe(3);
});

test('bot-info shows endpoints, reasoning and cached prices, and --params only the parameters', async () => {
  const {run, explore} = await withModels();
  await explore();
  const {out} = await run('bot-info', 'New');
  for (const line of [
    /^Price\t\$1 in, \$2 out$/m,
    /^Cached input\t\$0.1 to read per million tokens$/m,
    /^Endpoints\t\/v1\/messages, \/v1\/chat\/completions$/m,
    /^Reasoning\toptional, 0 to 63999 tokens, takes an effort$/m,
  ]) {
    expect(out).toMatch(line);
  }
  expect((await run('bot-info', 'New', '--params')).out).toBe(
    'effort\tlow|high\t"low"\tHow hard\nbudget\tnumber 0…100\t0\t\n',
  );
  expect((await run('bot-info', 'Painter')).out).toMatch(/^Price\t300 points per message$/m);
  expect((await run('bot-info', 'Free')).out).toMatch(/^Price\tfree$/m);
  expect((await run('bot-info', 'Free', '--params')).err).toContain('The bot has no parameters.');
  // The API lists none for images: those of the endpoint apply.
  expect((await run('bot-info', 'Painter', '--params')).out).toMatch(/^size\t/m);
});

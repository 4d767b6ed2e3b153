import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {writeFiles} from '../../support/bot-folder.js';
import {temporaryFolder} from '../../support/harness.js';
import {withKey} from '../../support/with-key.js';

/* Bots with an endpoint of one's own, through the API with a key. */

const yaml = (more = '') => `handle: My-Model
category: api
description: A model of mine.
endpoint:
  base_url: https://api.example/v1
  model_name: my-model
  api_key_env: MODEL_KEY
  input_modalities: [text]
  pricing:
    prompt: "0.000001"
    completion: "0.000004"
parameter_controls:
  api_version: "2"
  sections:
    - controls:
        - {control: toggle_switch, label: Think, parameter_name: think, default_value: true}
${more}`;

test('a bot with an endpoint is created, changed, pulled and deleted with an API key', async () => {
  const {run, runWith, sandbox} = await withKey();
  const calls = () =>
    sandbox.requests.flatMap(({method, path}) =>
      path.startsWith('/bots') && method !== 'GET' ? `${method} ${path}` : [],
    );
  const folder = temporaryFolder();
  writeFiles(folder, {'bot.yaml': yaml()});
  expect((await run('bot', 'push', folder, '--yes')).err).toContain('The environment variable MODEL_KEY is not set');
  const env = {MODEL_KEY: 'key-of-the-endpoint'};
  const pushed = await runWith({env}, 'bot', 'push', folder, '--yes', '--json');
  expect(JSON.parse(pushed.out)).toMatchObject({created: ['My-Model'], changed: [], removed: []});
  expect(sandbox.world.ownBots.find('my-model')).toMatchObject({
    key: 'key-of-the-endpoint',
    api: {
      is_private: true,
      api_bot_settings: {model_name: 'my-model', pricing: {prompt: '0.000001', completion: '0.000004'}},
      parameter_controls: {api_version: '2'},
    },
  });
  expect(await run('bot', 'diff', folder)).toMatchObject({code: 0, err: ''});
  expect((await run('bot', 'list', '--json')).out).toContain('"handle":"My-Model","botId":null');
  expect((await run('send', '-q', '-b', 'My-Model', 'hello')).code).toBe(0);

  // Without the key, Poe keeps the one it has; with it, all settings are replaced.
  writeFiles(folder, {'bot.yaml': yaml('visibility: public\n').replace('0.000004', '0.000008')});
  const changed = await run('bot', 'push', folder, '--yes');
  expect(changed.err).toContain('~ visibility: private → public');
  expect(changed.err).toContain('"completion":"0.000004"}} → ');
  expect(sandbox.world.ownBots.find('my-model')?.key).toBe('key-of-the-endpoint');
  writeFiles(folder, {'bot.yaml': yaml()});
  await runWith({env: {MODEL_KEY: 'new-key'}}, 'bot', 'push', folder, '--yes');
  expect(sandbox.world.ownBots.find('my-model')).toMatchObject({key: 'new-key', api: {is_private: true}});
  expect(calls()).toEqual(['POST /bots', 'PATCH /bots/My-Model', 'PUT /bots/My-Model']);

  const copy = join(temporaryFolder(), 'copy');
  expect((await run('bot', 'pull', 'my-model', copy)).code).toBe(0);
  const pulled = readFileSync(join(copy, 'bot.yaml'), 'utf8');
  expect(pulled).toContain('model_name: my-model');
  expect(pulled).not.toContain('key-of-the-endpoint');
  expect((await run('bot', 'diff', copy)).code).toBe(0);
  expect((await run('bot', 'delete', 'my-model', '--yes')).code).toBe(0);
  expect(await run('bot', 'pull', 'my-model')).toMatchObject({
    code: 3,
    err: 'poe: You have no bot named "my-model"\n     List your bots with: poe bot list\n',
  });
});

test('bots that need a browser session say so, and taken handles and wrong settings are explained', async () => {
  const {run, sandbox} = await withKey();
  const folder = temporaryFolder();
  writeFiles(folder, {'bot.yaml': 'handle: Faq-Bot\n', 'prompt.md': 'Be brief.'});
  expect(await run('bot', 'push', folder, '--yes')).toMatchObject({code: 4});
  const endpointOnly = yaml().replace('  api_key_env: MODEL_KEY\n', '');
  const other = temporaryFolder();
  writeFiles(other, {'bot.yaml': endpointOnly.replace('My-Model', 'GPT-4o')});
  expect(await run('bot', 'push', other, '--yes')).toMatchObject({
    code: 1,
    err: expect.stringContaining('poe: The handle GPT-4o is taken\n     Choose another handle.'),
  });
  sandbox.faults.respondOnce({path: '/bots'}, {status: 503});
  writeFiles(other, {'bot.yaml': endpointOnly});
  expect((await run('bot', 'push', other, '--yes')).code).toBe(0);
});

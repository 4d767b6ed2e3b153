import {expect, test} from 'vitest';
import {withSandbox} from '../../support/harness.js';
import {withKey} from '../../support/with-key.js';

test.each([
  '@Sandbox-Echo',
  'https://poe.com/Sandbox-Echo',
  'poe.com/sandbox-echo/?utm=x',
  'https://www.poe.com/Sandbox%2DEcho',
])('the bot %s is found with both backends', async (name) => {
  const web = await withSandbox();
  expect(await web.run('send', '-q', '-b', name, 'hello')).toEqual({code: 0, out: 'hello\n', err: ''});
  expect(JSON.parse((await web.run('bot-info', '--json', name)).out)).toMatchObject({handle: 'Sandbox-Echo'});
  const api = await withKey();
  expect(await api.run('send', '-q', '-b', name, 'hello')).toMatchObject({code: 0, out: 'hello\n'});
  expect(JSON.parse((await api.run('bot-info', '--json', name)).out)).toMatchObject({handle: 'Sandbox-Echo'});
  expect((await api.run('history', '--bot', name)).out).toContain('hello');
});

import {expect, test} from 'vitest';
import {apiUrlOf, siteUrlOf} from '../../../src/store/caches/poe-urls.js';
import {runMain} from '../../support/harness.js';
import {chunks, delta, eventStream, scriptedApi} from '../../support/servers/scripted-api.js';

/* The API behind a gateway, and the variables that name it. */

const answers = {
  '/gateway/v1/models': {data: [{id: 'Bot'}]},
  '/gateway/v1/chat/completions': chunks([delta({content: 'yes'}, 'stop')]),
  '/gateway/bot/bot': eventStream('event: text\ndata: {"text":"yes"}\n\nevent: done\ndata: {}\n\n'),
  '/gateway/usage/current_balance': {current_point_balance: 7},
};

test.each(['/gateway', '/gateway/', '/gateway/v1', '/gateway/v1/'])(
  'POE_API_URL may have the path %s',
  async (path) => {
    const {env} = await scriptedApi(answers);
    const run = (...argv: string[]) => runMain(argv, {env: {...env, POE_API_URL: env.POE_API_URL + path}});
    expect(await run('send', '-b', 'bot', 'hello')).toEqual({code: 0, out: 'yes\n', err: ''});
    expect(await run('send', '-b', 'bot', '--protocol', 'native', 'hello')).toEqual({code: 0, out: 'yes\n', err: ''});
    expect(JSON.parse((await run('settings', '--via', 'api', '--json')).out)).toMatchObject({points: 7});
  },
);

test.each(['https://api.poe.com', 'https://api.poe.com/v1', 'https://api.poe.com/v1/'])(
  'POE_BASE_URL=%s names the API, not the site',
  async (url) => {
    expect(apiUrlOf({POE_BASE_URL: url})).toBe(url);
    expect(siteUrlOf({POE_BASE_URL: url})).toBe('https://poe.com');
    expect(apiUrlOf({POE_BASE_URL: url, POE_API_URL: 'https://gateway.example'})).toBe('https://gateway.example');
    const {env} = await scriptedApi(answers);
    const given = {...env, POE_API_URL: `${env.POE_API_URL}/gateway`, POE_BASE_URL: url};
    expect(await runMain(['send', '-b', 'bot', 'hello'], {env: given})).toEqual({
      code: 0,
      out: 'yes\n',
      err: "POE_BASE_URL is the URL of Poe's API. poe uses it as POE_API_URL.\n",
    });
    expect(await runMain(['send', '--json', '-b', 'bot', 'hello'], {env: given})).toMatchObject({code: 0, err: ''});
  },
);

test('another POE_BASE_URL is the site', () => {
  expect(siteUrlOf({POE_BASE_URL: 'http://127.0.0.1:5000'})).toBe('http://127.0.0.1:5000');
  expect(apiUrlOf({POE_BASE_URL: 'http://127.0.0.1:5000'})).toBe('https://api.poe.com');
});

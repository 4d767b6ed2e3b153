import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {picture} from '../../../src/sandbox/replies/picture.js';
import {temporaryFolder, withSandbox} from '../../support/harness.js';
import {withKey} from '../../support/with-key.js';

/* Options of send for images, videos and audio. */

test('-n, --size and --seconds are parameters of bots that make images and videos', async () => {
  const {run, sandbox} = await withKey({pace: 0});
  const folder = temporaryFolder();
  const image = ['-b', 'Sandbox-Image', '-n', '3', '--size', '1024x1024', 'mountains', '-o', `${folder}/`];
  const {out} = await run('send', ...image);
  expect(out).toBe(['image-1.png', 'image-2.png', 'image-3.png'].map((name) => `${join(folder, name)}\n`).join(''));
  expect(readFileSync(join(folder, 'image-3.png')).equals(picture())).toBe(true);
  const video = join(folder, 'a.mp4');
  await run('send', '-b', 'veo-3', '--seconds', '8', '--size', '1280x720', 'a river', '-o', video);
  expect(readFileSync(video, 'latin1')).toMatch(/"seconds":"8","size":"1280x720"/);
  const bodies = sandbox.requests.filter(({method}) => method === 'POST').map(({body}): unknown => JSON.parse(body));
  expect(bodies).toEqual([
    {model: 'Sandbox-Image', prompt: 'mountains', n: 3, size: '1024x1024'},
    {model: 'veo-3', prompt: 'a river', seconds: '8', size: '1280x720'},
  ]);
  const {out: parameters} = await run('bot-info', 'veo-3', '--params');
  expect(parameters.split('\n').map((line) => line.split('\t')[0])).toEqual(['seconds', 'size', '']);
  expect((await run('send', '-b', 'veo-3', '--size', 'wide', 'x')).err).toMatch(/such as 1280x720/);
  expect((await run('send', '-b', 'Sandbox-Echo', '-n', '2', 'x')).err).toMatch(/no parameter n/);
});

test('--voice sets the voice of a bot that speaks, and its audio can be saved', async () => {
  const {run} = await withKey({pace: 0});
  const ask = (...argv: string[]) => run('send', '-b', 'Sandbox-Voice', 'hello', ...argv);
  expect((await ask('--voice', 'ben')).out).toMatch(/\/base\/audio\/sandbox-ben\.wav\n$/);
  expect((await ask('--voice', 'cleo')).err).toMatch(/Accepted values: anna, ben/);
  const folder = temporaryFolder();
  await ask('-o', join(folder, 'a.wav'));
  expect(readFileSync(join(folder, 'a.wav')).subarray(0, 4).toString()).toBe('RIFF');
});

test('-o - writes a video to stdout, and a note says how to save one otherwise', async () => {
  const {run} = await withKey({pace: 0});
  const ask = (...argv: string[]) => run('send', '-b', 'Sandbox-Video', 'a river', ...argv);
  expect((await ask('-o', '-')).out).toMatch(/^.{4}ftyp/s);
  expect((await ask()).err).toMatch(/Save it until \d{4}-\d\d-\d\d \d\d:\d\d with: poe save local-\w+\n/);
});

test('--detach prints the chat of a video at once; jobs lists it, and attach gets it', async () => {
  const {run, sandbox} = await withKey({pace: 0.02});
  const {out, code} = await run('send', '--detach', '-b', 'Sandbox-Video', 'a river');
  expect(code).toBe(0);
  const chat = out.trim();
  expect(out).toMatch(/^local-\w+\n$/);
  expect(sandbox.requests.filter(({path}) => path.startsWith('/v1/videos/'))).toEqual([]);
  const [job] = (await run('jobs', '--json')).out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(job).toMatchObject({
    chat: {chatCode: chat, title: 'a river'},
    bot: 'Sandbox-Video',
    state: expect.stringMatching(/^(?:queued|in_progress|complete)$/),
    startedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    via: 'api',
  });
  expect((await run('jobs')).out).toMatch(
    new RegExp(`^${chat}\t(?:queued|in_progress|complete)\tSandbox-Video\t[^\t]+\ta river\n$`),
  );
  const folder = temporaryFolder();
  expect((await run('attach', chat, '-o', join(folder, 'a.mp4'))).out).toBe(`${join(folder, 'a.mp4')}\n`);
  expect(readdirSync(folder)).toEqual(['a.mp4']);
  expect((await run('jobs')).out).toBe('');
  expect(sandbox.requests.filter(({path, method}) => method === 'POST' && path === '/v1/videos')).toHaveLength(1);
});

test('--detach on poe.com leaves the bot writing, and attach follows it', async () => {
  const {run} = await withSandbox({pace: 0.05});
  const {out, code} = await run('send', '--detach', '-b', 'Sandbox-Slow', 'hello');
  expect({code, out}).toEqual({code: 0, out: expect.stringMatching(/^\w+\n$/)});
  const list = async () => (await run('jobs')).out.trim().split('\t');
  expect((await list()).slice(0, 3)).toEqual([out.trim(), 'writing', 'Sandbox-Slow']);
  expect((await run('attach', 'last')).out.trim().split(' ')).toHaveLength(30);
  expect((await run('jobs')).out).toBe('');
});

test('a reply that has ended meanwhile is listed as complete until it is fetched', async () => {
  const {run} = await withSandbox({pace: 0});
  const chat = (await run('send', '--detach', '-b', 'Sandbox-Count', 'count to 3')).out.trim();
  await expect.poll(async () => (await run('jobs')).out).toMatch(/\tcomplete\tSandbox-Count\t/);
  expect((await run('attach', chat)).out).toBe('1 2 3\n');
  expect((await run('jobs', '--json')).out).toBe('');
});

test('--detach is refused before anything is sent where a reply needs its connection', async () => {
  const {run, sandbox} = await withKey({pace: 0});
  const detach = (...argv: string[]) => run('send', '--detach', 'hello', ...argv);
  expect(await detach('-b', 'Sandbox-Echo')).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining('With an API key, only a video goes on without this program'),
  });
  expect((await detach('-b', 'Sandbox-Video', '-o', 'a.mp4')).err).toMatch(/--detach and --output cannot be combined/);
  expect((await detach('-b', 'Sandbox-Video', '--sandbox')).err).toMatch(/To keep them, run: poe sandbox/);
  expect((await detach('-b', 'Sandbox-Video', '--temporary')).code).toBe(2);
  expect(sandbox.requests.filter(({method}) => method === 'POST')).toEqual([]);
  expect((await run('history')).out).toBe('');
});

test('--detach works although the setting info is on', async () => {
  const {run} = await withKey({pace: 0});
  await run('config', 'set', 'info', 'on');
  expect((await run('send', '--detach', '-b', 'Sandbox-Video', 'a river')).code).toBe(0);
});

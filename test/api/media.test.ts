import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, onTestFinished, test} from 'vitest';
import {connectWithKey} from '../../src/core/api/connect.js';
import {picture} from '../../src/sandbox/replies/picture.js';
import {temporaryFolder} from '../support/harness.js';
import {withKey} from '../support/with-key.js';

/* Images and videos with an API key. */

/** The bodies of the requests to a path. */
const bodiesTo = (requests: readonly {path: string; body: string}[], path: string): unknown[] =>
  requests.filter((request) => request.path === path).map(({body}): unknown => JSON.parse(body));

test('a bot that is listed for images is asked there, and its images are attachments', async () => {
  const {run, sandbox} = await withKey({pace: 0});
  const ask = (...argv: string[]) => run('send', '--json', '-b', 'Sandbox-Image', ...argv);
  const {code, out} = await ask('--param', 'n=2', '--param', 'size=1024x1024', 'mountains');
  expect(code).toBe(0);
  const reply = JSON.parse(out);
  expect(reply).toMatchObject({protocol: 'images', state: 'complete'});
  expect(reply.attachments.map(({name}: {name: string}) => name)).toEqual(['image-1.png', 'image-2.png']);
  expect(reply.text).toMatch(/^!\[image-1\.png\]\(http\S+\/sandbox-picture-1\.png\)\n\n!\[image-2\.png\]\(http\S+\)$/);
  expect((await ask('--system', 'As a drawing.', 'a lake')).code).toBe(0);
  expect(bodiesTo(sandbox.requests, '/v1/images')).toEqual([
    {model: 'Sandbox-Image', prompt: 'mountains', n: 2, size: '1024x1024'},
    {model: 'Sandbox-Image', prompt: 'As a drawing.\n\na lake'},
  ]);
});

test('an image that Poe sends inside its reply is stored next to its chat, and deleted with it', async () => {
  const {run, configDir} = await withKey({pace: 0});
  const {out} = await run('send', '--json', '-b', 'Sandbox-Image-Data', 'mountains');
  const {text, attachments, chat} = JSON.parse(out);
  expect(text).toBe('![image-1.png][image-1.png]');
  const [{url, mimeType, size}] = attachments;
  expect({mimeType, size}).toEqual({mimeType: 'image/png', size: picture().length});
  expect(readFileSync(fileURLToPath(url)).equals(picture())).toBe(true);
  const log = readFileSync(join(configDir, 'chats', 'default', `${chat.chatCode}.jsonl`), 'utf8');
  expect(log.length).toBeLessThan(2000);
  const folder = temporaryFolder();
  expect((await run('save', 'last', '1', folder)).code).toBe(0);
  expect(readFileSync(join(folder, 'image-1.png')).equals(picture())).toBe(true);
  await run('delete-chat', chat.chatCode, '--yes');
  expect(existsSync(fileURLToPath(url))).toBe(false);
  expect(readdirSync(join(configDir, 'chats', 'default'))).toEqual([]);
});

test.each(['Sandbox-Image-Data', 'Sandbox-Video'])(
  'a chat with the files of %s continues with any bot',
  async (bot) => {
    const {run, sandbox} = await withKey({pace: 0});
    await run('send', '-b', bot, 'mountains');
    expect(await run('send', '-c', 'last', '-b', 'Sandbox-Memory', 'hello')).toMatchObject({code: 0});
    expect(await run('send', '-c', 'last', '-b', 'Sandbox-Memory', '--protocol', 'native', 'hello')).toMatchObject({
      code: 0,
    });
    expect(await run('send', '-c', 'last', '-b', 'Sandbox-Image-Data', 'again')).toMatchObject({code: 0});
    const [first, second] = sandbox.requests.filter(({path}) => path.toLowerCase() === '/bot/sandbox-memory');
    expect(second).toBeUndefined();
    const {query} = JSON.parse(Buffer.from(first?.body ?? '').toString('utf8'));
    expect(query.flatMap(({attachments}: {attachments: unknown[]}) => attachments)).toEqual([]);
  },
);

test('a reply with images as a text is read, and one without any is an error', async () => {
  const {run, sandbox} = await withKey({pace: 0});
  const {out} = await run('send', '--json', '-b', 'Sandbox-Image-Text', 'mountains');
  expect(JSON.parse(out).attachments).toHaveLength(1);
  sandbox.faults.respondOnce({path: '/v1/images'}, {status: 200, body: '{"created":1,"data":[]}'});
  expect(await run('send', '-b', 'Sandbox-Image', 'mountains')).toMatchObject({
    code: 7,
    err: expect.stringContaining("Unknown response of Poe's API to /v1/images"),
  });
});

test('a video is made by a job, which is followed to its end and downloaded with the key', async () => {
  const {run, sandbox, configDir} = await withKey({pace: 0.02});
  const folder = temporaryFolder();
  const parameters = ['--param', 'seconds=8', '--param', 'size=1280x720'];
  const {code, out} = await run('send', '--json', '-b', 'veo-3', ...parameters, 'a river', '-o', join(folder, 'a.mp4'));
  expect(code).toBe(0);
  const reply = JSON.parse(out);
  const url = `${sandbox.apiUrl}/v1/videos/${reply.job.id}/content?variant=mp4`;
  expect(reply).toMatchObject({
    text: url,
    protocol: 'videos',
    job: {status: 'completed', percent: 100, expiresAt: expect.stringMatching(/^\d{4}-.*Z$/)},
    attachments: [
      {name: 'video.mp4', url, mimeType: 'video/mp4', thumbnailUrl: expect.stringMatching(/variant=thumbnail$/)},
    ],
  });
  expect(readFileSync(join(folder, 'a.mp4'), 'latin1')).toMatch(
    /ftyp.*"prompt":"a river","seconds":"8","size":"1280x720"/s,
  );
  expect(bodiesTo(sandbox.requests, '/v1/videos')).toEqual([
    {model: 'veo-3', prompt: 'a river', seconds: '8', size: '1280x720'},
  ]);
  expect(readdirSync(join(configDir, 'journal', 'default'))).toEqual([]);
  expect((await run('attach', 'last')).out).toBe(`${url}\n`);
  expect((await run('save', 'last', '1', folder)).out).toBe(`Saved ${join(folder, 'video.mp4')}\n`);
});

test('the events of a video say how far it is', async () => {
  const {run} = await withKey({pace: 0.02});
  const {out} = await run('send', '--stream-json', '-b', 'Sandbox-Video', 'a river');
  const events = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events.map(({type}) => type)).toEqual(expect.arrayContaining(['start', 'progress', 'append', 'done']));
  expect(events[1]).toEqual({type: 'progress', status: 'queued', percent: expect.any(Number)});
  expect(events.findLast(({type}) => type === 'progress')).toEqual({
    type: 'progress',
    status: 'completed',
    percent: 100,
  });
});

test('an image that is sent with a request for a video begins it', async () => {
  const {run, sandbox} = await withKey({pace: 0});
  const image = join(temporaryFolder(), 'a.png');
  writeFileSync(image, picture());
  expect((await run('send', '-b', 'Sandbox-Video', 'a river', '-f', image)).code).toBe(0);
  expect(bodiesTo(sandbox.requests, '/v1/videos')).toEqual([
    {model: 'Sandbox-Video', prompt: 'a river', input_image: picture().toString('base64')},
  ]);
  const text = join(temporaryFolder(), 'a.txt');
  writeFileSync(text, 'text');
  expect((await run('send', '-b', 'Sandbox-Video', 'a river', '-f', text)).err).toMatch(/only one image can be sent/);
  expect((await run('retry', 'last')).err).toMatch(/The image of this message is not stored/);
  expect(bodiesTo(sandbox.requests, '/v1/videos')).toHaveLength(1);
});

test('a video that fails or has expired says so, also later, and is not in the journal', async () => {
  const {run, configDir} = await withKey({pace: 0});
  expect(await run('send', '-b', 'Sandbox-Video-Fails', 'a river')).toMatchObject({
    code: 1,
    err: expect.stringContaining('The video failed: The video was blocked by our safety system.'),
  });
  expect(await run('attach', 'last')).toMatchObject({code: 1, err: expect.stringContaining('The video has failed')});
  const folder = temporaryFolder();
  expect(await run('send', '-b', 'Sandbox-Video-Expires', 'a river', '-o', join(folder, 'a.mp4'))).toMatchObject({
    code: 2,
    err: expect.stringMatching(/HTTP 404/),
  });
  expect(readdirSync(folder)).toEqual([]);
  expect(readdirSync(join(configDir, 'journal', 'default'))).toEqual([]);
});

test('an interrupted video goes on, and attach gets it without paying again', async () => {
  const {run, runWith, sandbox} = await withKey({pace: 0.02});
  const interrupt = new AbortController();
  const isPolled = () => sandbox.requests.some(({path}) => path.startsWith('/v1/videos/'));
  const sending = runWith({signal: interrupt.signal}, 'send', '-b', 'Sandbox-Video-Slow', 'a river');
  await expect.poll(isPolled).toBe(true);
  interrupt.abort();
  expect(await sending).toEqual({
    code: 130,
    out: '',
    err: expect.stringMatching(/Poe goes on making the video and cannot be stopped\n.*poe attach local-/s),
  });
  expect(await run('attach', 'last')).toMatchObject({code: 0, out: expect.stringMatching(/variant=mp4\n$/)});
  expect(bodiesTo(sandbox.requests, '/v1/videos')).toHaveLength(1);
});

test('wrong options of images and videos are reported by the API, and before by poe', async () => {
  const {run, sandbox} = await withKey({pace: 0});
  const ask = async (...argv: string[]) => (await run('send', 'a river', ...argv)).err;
  expect(await ask('-b', 'Sandbox-Video', '--param', 'seconds=5')).toMatch(/HTTP 400: Invalid request: seconds/);
  expect(await ask('-b', 'Sandbox-Video', '--param', 'fps=5')).toMatch(/no parameter fps\n.*seconds, size/);
  expect(await ask('-b', 'Sandbox-Image', '--param', 'n=11')).toMatch(/at least 1 and at most 10/);
  expect(await ask('-b', 'Sandbox-Echo', '--param', 'seconds=4')).toMatch(/no parameter seconds/);
  expect(await ask('-b', 'Sandbox-Echo', '--protocol', 'videos')).toMatch(/does not support videos/);
  expect(sandbox.requests.filter(({path, status}) => path === '/v1/videos' && status === 200)).toEqual([]);
});

test('programs get images as data, follow videos and save both', async () => {
  const {sandbox} = await withKey({pace: 0.02});
  const {apiKey, apiUrl} = sandbox;
  const poe = await connectWithKey({apiKey, apiUrl});
  onTestFinished(() => poe.close());
  const folder = temporaryFolder();
  const image = await (await poe.send('mountains', {bot: 'Sandbox-Image-Data'})).result();
  const url = image.attachments[0]?.url ?? '';
  expect(url).toMatch(/^data:image\/png;base64,iVBOR/);
  expect(await poe.messages.saveFile(url, join(folder, 'a.png'))).toBe(picture().length);
  const video = await poe.send('a river', {bot: 'Sandbox-Video', parameters: {seconds: '4'}, detachable: true});
  expect(video.current).toMatchObject({state: 'incomplete', job: {status: 'queued'}});
  const {attachments} = await (await poe.messages.attach('last')).result();
  expect(await poe.messages.saveFile(attachments[0]?.url ?? '', join(folder, 'a.mp4'))).toBeGreaterThan(100);
  await poe.messages.saveFile(attachments[0]?.thumbnailUrl ?? '', join(folder, 'thumbnail.png'));
  expect(readFileSync(join(folder, 'thumbnail.png')).equals(picture())).toBe(true);
  await expect(poe.messages.saveFile('file:///etc/passwd', join(folder, 'b'))).rejects.toMatchObject({code: 'file'});
  await expect(poe.send('hi', {bot: 'Sandbox-Echo', detachable: true})).rejects.toMatchObject({
    code: 'usage',
    message: 'With an API key, only a video goes on without this program',
  });
});

test('a video is followed through errors of the API, and ends when Poe no longer has it', async () => {
  const {run, sandbox} = await withKey({pace: 0.02});
  const below = {path: '/v1/videos/*'};
  for (const fault of ['drop', 'html', {status: 503}, {status: 429, headers: {'Retry-After': '0'}}] as const)
    sandbox.faults.respondOnce(below, fault);
  sandbox.faults.respondOnce(below, {status: 200, body: '{"id":"video_x","status":"dreaming"}'});
  expect(await run('send', '-b', 'Sandbox-Video', 'a river')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/variant=mp4\n$/),
  });
  sandbox.faults.respondOnce(below, {status: 404, body: '{"error":{"message":"Not found."}}'});
  expect(await run('send', '-b', 'Sandbox-Video', 'a river')).toMatchObject({
    code: 1,
    err: expect.stringMatching(/Poe no longer has the video video_\w+\n.*limited time/),
  });
});

test('a video that may have been started is not started again', async () => {
  const {run, sandbox, configDir} = await withKey({pace: 0});
  const ask = () => run('send', '-b', 'Sandbox-Video', 'a river');
  const started = {path: '/v1/videos'};
  for (const fault of [
    'drop',
    {status: 500},
    {status: 200, body: '{"status":"queued"}'},
    {status: 200, body: ''},
  ] as const) {
    sandbox.faults.respondOnce(started, fault);
    expect(await ask()).toMatchObject({code: 7, err: expect.stringMatching(/may have been charged\n.*poe usage/)});
  }
  expect(sandbox.requests.filter(({path}) => path === '/v1/videos')).toHaveLength(4);
  expect(readdirSync(join(configDir, 'journal', 'default'))).toEqual([]);
  sandbox.faults.respondOnce(started, {status: 503});
  expect((await ask()).code).toBe(0);
});

test('a gateway without Poe’s path for images is asked at the path of OpenAI', async () => {
  const {run, sandbox} = await withKey({pace: 0});
  sandbox.faults.respondOnce({path: '/v1/images'}, {status: 404, body: '{"error":{"message":"Not found."}}'});
  expect((await run('send', '-b', 'Sandbox-Image', 'mountains')).code).toBe(0);
  expect(bodiesTo(sandbox.requests, '/v1/images/generations')).toHaveLength(1);
  expect(await run('send', '-b', 'nobody', '--protocol', 'images', 'x')).toMatchObject({code: 3});
});

test('an interruption waits some seconds for the ID of a video that may be charged', async () => {
  const {runWith, sandbox} = await withKey({pace: 0});
  sandbox.faults.respondOnce({path: '/v1/videos'}, 'silence');
  const interrupt = new AbortController();
  const sending = runWith({signal: interrupt.signal}, 'send', '-b', 'Sandbox-Video', 'a river');
  const isAsked = () => sandbox.requests.some(({path}) => path === '/v1/videos');
  await expect.poll(isAsked).toBe(true);
  interrupt.abort();
  expect(await sending).toMatchObject({
    code: 7,
    err: expect.stringMatching(/Interrupted before Poe had confirmed the message; the message may have been charged\n/),
  });
});

import OpenAI from 'openai';
import {expect, onTestFinished, test} from 'vitest';
import {startSandbox} from '../../src/sandbox/server/server.js';

/* Images and videos, with OpenAI's own package. */

async function start(pace = 0) {
  const sandbox = await startSandbox({pace});
  onTestFinished(() => sandbox.close());
  const client = new OpenAI({apiKey: sandbox.apiKey, baseURL: `${sandbox.apiUrl}/v1`, maxRetries: 0});
  const spent = async (model: string) => {
    const response = await fetch(`${sandbox.apiUrl}/usage/points_history`, {
      headers: {Authorization: `Bearer ${sandbox.apiKey}`},
    });
    const {data} = (await response.json()) as {data: {bot_name: string; cost_points: number}[]};
    return data.filter(({bot_name}) => bot_name === model).map(({cost_points}) => cost_points);
  };
  return {sandbox, client, spent};
}

test('OpenAI’s package gets images as URLs and as data, and pays for each image', async () => {
  const {client, spent} = await start();
  const linked = await client.images.generate({model: 'Sandbox-Image', prompt: 'mountains', n: 2});
  const urls = linked.data?.map(({url}) => url ?? '') ?? [];
  expect(urls).toEqual([
    expect.stringMatching(/sandbox-picture-1\.png$/),
    expect.stringMatching(/sandbox-picture-2\.png$/),
  ]);
  const [image] = (await client.images.generate({model: 'Sandbox-Image-Data', prompt: 'mountains'})).data ?? [];
  const bytes = Buffer.from(image?.b64_json ?? '', 'base64');
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  expect(Buffer.from(await (await fetch(urls[1] ?? '')).arrayBuffer()).equals(bytes)).toBe(true);
  expect(await spent('Sandbox-Image')).toEqual([60]);
});

test('OpenAI’s package creates a video, waits for it and downloads it and its thumbnail', async () => {
  const {client, spent} = await start(0.02);
  const {id, ...created} = await client.videos.create({
    model: 'Sandbox-Video',
    prompt: 'a river',
    seconds: '8',
    size: '1280x720',
  });
  expect(created).toMatchObject({
    object: 'video',
    status: 'queued',
    seconds: '8',
    size: '1280x720',
    completed_at: null,
  });
  const endless = await client.videos.create({model: 'Sandbox-Video-Stuck', prompt: 'a river'});
  await expect(client.videos.downloadContent(endless.id)).rejects.toMatchObject({status: 400});
  await expect
    .poll(() => client.videos.retrieve(id))
    .toMatchObject({id, status: 'completed', progress: 100, expires_at: expect.any(Number)});
  const video = Buffer.from(await (await client.videos.downloadContent(id)).arrayBuffer());
  expect(video.subarray(4, 8).toString()).toBe('ftyp');
  const thumbnail = await client.videos.downloadContent(id, {variant: 'thumbnail'});
  expect(thumbnail.headers.get('content-type')).toBe('image/png');
  expect(await spent('Sandbox-Video')).toEqual([800]);
});

test('a video may fail, and its files may expire', async () => {
  const {client} = await start();
  const failed = await client.videos.create({model: 'Sandbox-Video-Fails', prompt: 'a river'});
  expect(await client.videos.retrieve(failed.id)).toMatchObject({
    status: 'failed',
    error: {code: 'moderation_blocked', message: 'The video was blocked by our safety system.'},
  });
  const {id} = await client.videos.create({model: 'Sandbox-Video-Expires', prompt: 'a river'});
  expect(await client.videos.retrieve(id)).toMatchObject({status: 'completed'});
  await expect(client.videos.downloadContent(id)).rejects.toMatchObject({status: 404});
});

test('wrong sizes, lengths, bots and unknown fields are rejected, and cost nothing', async () => {
  const {sandbox, client, spent} = await start();
  const post = async (path: string, body: object) => {
    const headers = {Authorization: `Bearer ${sandbox.apiKey}`, 'Content-Type': 'application/json'};
    const response = await fetch(sandbox.apiUrl + path, {method: 'POST', headers, body: JSON.stringify(body)});
    const {error} = (await response.json()) as {error: {param?: string}};
    return `${response.status} ${error.param ?? ''}`.trim();
  };
  const video = {model: 'Sandbox-Video', prompt: 'a river'};
  const image = {model: 'Sandbox-Image', prompt: 'a river'};
  expect(await post('/v1/videos', {...video, seconds: 5})).toBe('400 seconds');
  expect(await post('/v1/videos', {...video, size: '640x480'})).toBe('400 size');
  expect(await post('/v1/videos', {...video, fps: 24})).toBe('400 fps');
  expect(await post('/v1/videos', {...video, model: 'Sandbox-Image'})).toBe('400');
  expect(await post('/v1/videos', {model: 'nobody', prompt: 'x'})).toBe('404');
  expect(await post('/v1/images', {...image, size: '1x1'})).toBe('400 size');
  expect(await post('/v1/images', {...image, n: 11})).toBe('400 n');
  expect(await post('/v1/images', {...image, prompt: ' '})).toBe('400 prompt');
  expect(await post('/v1/images', {...image, sampler: 'x'})).toBe('400 sampler');
  expect(await post('/v1/images', {...image, model: 'Sandbox-Echo'})).toBe('400');
  expect(await post('/v1/images', {...image, prompt: 'Forbidden'})).toBe('403');
  await expect(client.videos.retrieve('video_none')).rejects.toMatchObject({status: 404});
  expect(await spent('Sandbox-Video')).toEqual([]);
  expect(await spent('Sandbox-Image')).toEqual([]);
});

import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {crc32, deflateSync} from 'node:zlib';
import {PNG} from 'pngjs';
import {decode} from 'sixel';
import {expect, test} from 'vitest';
import type {Graphics} from '../../src/output/images/graphics.js';
import {imagesIn} from '../../src/output/images/images-in-reply.js';
import {renderImage} from '../../src/output/images/render-image.js';
import {renderInWorker} from '../../src/output/images/render-in-worker.js';
import {temporaryFolder} from '../support/harness.js';
import {gifFile, jpegFile, kittyImages, kittyPng, pixels, pngFile, webpFile} from '../support/terminal/images.js';

const room = {columns: 40, rows: 10};
const cell = {width: 10, height: 20};
const blocks: Graphics = {type: 'blocks', colors: 'true'};

const lines = async (bytes: Uint8Array, graphics: Graphics = blocks) =>
  (await renderImage({bytes, graphics, room})).lines;

test('PNG, JPEG, GIF and WebP images are shown as half blocks, two pixels in each', async () => {
  expect(await lines(pngFile(2, 4))).toBe(
    '\u001b[0;38;2;255;0;0;48;2;255;0;0m▀▀\u001b[0m\n\u001b[0;38;2;0;0;255;48;2;0;0;255m▀▀\u001b[0m\n',
  );
  expect(await lines(gifFile(2, 2))).toBe('\u001b[0;38;2;255;0;0;48;2;0;0;255m▀▀\u001b[0m\n');
  expect(await lines(webpFile())).toMatch(/^\u001b\[0;38;2;25\d;\d;\d;48;2;25\d;\d;\dm▀{4}\u001b\[0m\n/);
  expect(await lines(jpegFile(16, 16))).toMatch(/^\u001b\[0;38;2;25\d;\d;\d;48;2;25\d;\d;\dm▀/);
});

test('on a terminal with 256 colors, half blocks have the nearest ones', async () => {
  const shown = await lines(pngFile(1, 2), {type: 'blocks', colors: '256'});
  expect(shown).toBe('\u001b[0;38;5;196;48;5;21m▀\u001b[0m\n');
  const gray = await lines(pngFile(1, 1, Buffer.from([128, 128, 128, 255])), {type: 'blocks', colors: '256'});
  expect(gray).toBe('\u001b[0;38;5;244m▀\u001b[0m\n');
});

test.each([
  [1, 'red above blue'],
  [3, 'blue above red'],
  [4, 'blue above red'],
  [6, 'blue, then red'],
  [8, 'red, then blue'],
])('a photo whose Exif orientation is %i is shown upright: %s', async (orientation, expected) => {
  const jpeg = jpegFile(32, 32);
  const exif = Buffer.from('ffe1002245786966000049492a0008000000010012010300010000000100000000000000', 'hex');
  exif.writeUInt16LE(orientation, 28);
  const file = Buffer.concat([jpeg.subarray(0, 2), exif, jpeg.subarray(2)]);
  const {width, height, lines: kitty} = await renderImage({bytes: file, graphics: {type: 'kitty', cell}, room});
  expect([width, height]).toEqual([32, 32]);
  const {data} = kittyPng(kitty);
  const colorAt = (x: number, y: number) => ((data[(y * 40 + x) * 4] ?? 0) > 128 ? 'red' : 'blue');
  const [first, right, below] = [colorAt(4, 4), colorAt(28, 4), colorAt(4, 28)];
  expect(first === right ? `${first} above ${below}` : `${first}, then ${right}`).toBe(expected);
});

test('transparent pixels show the background of the terminal', async () => {
  const [red, clear] = [
    [255, 0, 0, 255],
    [0, 0, 0, 0],
  ];
  const image = pngFile(2, 2, Buffer.from([...clear, ...clear, ...red, ...clear]));
  expect(await lines(image)).toBe('\u001b[0;38;2;255;0;0m▄\u001b[0m \u001b[0m\n');
});

test('a large image is made to fit, a small one is not enlarged', async () => {
  expect((await lines(pngFile(400, 100))).split('\n')).toHaveLength(6);
  expect((await lines(pngFile(100, 400))).split('\n')).toHaveLength(11);
  const kitty: Graphics = {type: 'kitty', cell};
  expect(kittyImages(await lines(pngFile(4000, 1000), kitty))).toEqual([
    {columns: 40, rows: 5, width: 400, height: 100},
  ]);
  expect(kittyImages(await lines(pngFile(15, 15), kitty))).toEqual([{columns: 2, rows: 1, width: 20, height: 20}]);
});

test('the rows of an image exist before it is drawn, and the cursor ends below them', async () => {
  const shown = await lines(pngFile(100, 100), {type: 'kitty', cell});
  expect(shown.startsWith('\n\n\n\n\n\u001b[5A\u001b7\u001b_Ga=T,f=100,q=2,C=1,c=10,r=5,')).toBe(true);
  expect(shown.endsWith('\u001b\\\u001b8\u001b[5B')).toBe(true);
});

test('for iTerm2, the image is a PNG file of its own, with its size in cells', async () => {
  const shown = await lines(jpegFile(100, 60), {type: 'iterm2', cell});
  const [, size, base64 = ''] =
    /\u001b\]1337;File=size=(\d+);width=10;height=3;preserveAspectRatio=0;inline=1:([\w+/=]+)\u0007/.exec(shown) ?? [];
  const file = Buffer.from(base64, 'base64');
  expect(file.length).toBe(Number(size));
  expect(PNG.sync.read(file)).toMatchObject({width: 100, height: 60});
});

test('a sixel image has its own size and colors', async () => {
  const sixel: Graphics = {type: 'sixel', cell};
  const shown = await lines(pngFile(100, 60), sixel);
  const band = (color: number) => `#${color}!100~$-`.repeat(5);
  expect(shown).toBe(
    `\n\n\n\u001b[3A\u001b7\u001bP0;1;q"1;1;100;60#0;2;100;0;0#1;2;0;0;100${band(0)}${band(1).replace(/-$/, '')}\u001b\\\u001b8\u001b[3B`,
  );
});

test('a sixel image with many colors looks like the original', async () => {
  const data = Buffer.from(pixels(60, 60).map((value, at) => (at % 4 === 1 ? Math.floor(at / 60) % 200 : value)));
  const [, , sequence = ''] =
    /^([^P]*)(\u001bP[^]*\u001b\\)/.exec(await lines(pngFile(60, 60, data), {type: 'sixel', cell})) ?? [];
  const shown = decode(sequence);
  expect([shown.width, shown.height]).toEqual([60, 60]);
  const decoded = Buffer.from(shown.data32.buffer, shown.data32.byteOffset, shown.data32.byteLength);
  const differences = data.map((value, at) => Math.abs(value - (decoded[at] ?? 0)));
  expect(differences.reduce((sum, each) => sum + each, 0) / data.length).toBeLessThan(8);
});

test('in tmux, the image is passed on, and characters of their own stand for its cells', async () => {
  const shown = await lines(pngFile(30, 40), {type: 'placeholders', cell});
  const [, id = ''] = /^\u001bPtmux;\u001b\u001b_Ga=T,U=1,f=100,q=2,i=(\d+),c=3,r=2,m=0;/.exec(shown) ?? [];
  const color = [Number(id) >> 16, (Number(id) >> 8) & 255, Number(id) & 255].join(';');
  const [first, second] = ['\u0305', '\u030D'].map(
    (row) => `\u001b[38;2;${color}m\u{10EEEE}${row}\u0305\u{10EEEE}\u{10EEEE}\u001b[39m\n`,
  );
  expect(shown.endsWith(`\u001b\\${first}${second}`)).toBe(true);
});

test('what is not an image, or damaged, is refused with a reason', async () => {
  await expect(lines(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))).rejects.toThrow(
    'it is not a PNG, JPEG, GIF or WebP image',
  );
  await expect(lines(Buffer.alloc(0))).rejects.toThrow('it is not a PNG, JPEG, GIF or WebP image');
  for (const file of [pngFile(50, 50), gifFile(50, 50), webpFile()])
    await expect(lines(file.subarray(0, Math.ceil(file.length * 0.6)))).rejects.toThrow('the image is damaged');
});

test('an image that is too large is refused before it is decoded', async () => {
  const png = pngFile(1, 1);
  png.writeUInt32BE(60_000, 16);
  png.writeUInt32BE(60_000, 20);
  await expect(lines(png)).rejects.toThrow('it has more than 25 million pixels');
  const gif = gifFile(2, 2);
  gif.writeUInt16LE(65_535, 6);
  gif.writeUInt16LE(65_535, 8);
  await expect(lines(gif)).rejects.toThrow('it has more than 25 million pixels');
});

test('a GIF whose frame is larger than the image is refused', async () => {
  const gif = gifFile(2, 2);
  const frame = gif.indexOf(0x2c);
  gif.writeUInt16LE(65_535, frame + 5);
  gif.writeUInt16LE(65_535, frame + 7);
  await expect(lines(gif)).rejects.toThrow('the image is damaged');
});

test.each([
  ['plain', 0],
  ['interlaced', 1],
])('a %s PNG that would unpack to more than its size is refused or cut off', async (_name, interlace) => {
  const bomb = deflateSync(Buffer.alloc(150_000_000));
  expect(bomb.length).toBeLessThan(300_000);
  const before = process.memoryUsage().rss;
  await lines(pngWith(8, 8, interlace, bomb)).catch(() => {});
  expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
});

test('images in code, other files and copies of an image are not shown', () => {
  const attached = (name: string, url: string, mimeType: string | null) => ({name, url, mimeType, size: null});
  const text = [
    '![one](https://a.example/one.png) and `![no](https://a.example/no.png)`',
    '```md',
    '![no](https://a.example/no.png)',
    '```',
    '![one again](https://a.example/one.png?w=100)',
  ].join('\n');
  const attachments = [
    attached('two', 'https://a.example/two', 'image/webp'),
    attached('sound.mp3', 'https://a.example/sound.mp3', 'audio/mpeg'),
    attached('drawing.svg', 'https://a.example/drawing.svg', 'image/svg+xml'),
    attached('three.jpg', 'https://a.example/three.jpg?x=1', null),
    attached('report', 'https://a.example/report', null),
  ];
  expect(imagesIn({text, attachments}).map(({url}) => url)).toEqual([
    'https://a.example/two',
    'https://a.example/three.jpg?x=1',
    'https://a.example/one.png',
  ]);
  const many = Array.from({length: 20}, (_, index) => `![x](https://a.example/${index}.png)`).join(' ');
  expect(imagesIn({text: many, attachments: []})).toHaveLength(8);
});

function pngWith(width: number, height: number, interlace: number, data: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, interlace], 8);
  const chunks = [
    ['IHDR', header],
    ['IDAT', data],
    ['IEND', Buffer.alloc(0)],
  ] as const;
  const parts = chunks.map(([type, content]) => {
    const body = Buffer.concat([Buffer.from(type), content]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(content.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  });
  return Buffer.concat([pixels(0, 0), Buffer.from('89504e470d0a1a0a', 'hex'), ...parts]);
}

test.each([
  ['takes too long', 'for (;;);', 'decoding takes too long'],
  ['needs too much memory', 'const all = []; for (;;) all.push(new Array(1e6).fill(0.5));', 'it cannot be decoded'],
])('decoding that %s is stopped', async (_name, script, reason) => {
  const entry = join(temporaryFolder(), 'worker.mjs');
  writeFileSync(entry, script);
  const request = {bytes: pngFile(2, 2), graphics: blocks, room};
  const timeLimitMs = reason.includes('long') ? 200 : 60_000;
  const options = {entry: pathToFileURL(entry), signal: new AbortController().signal, timeLimitMs};
  await expect(renderInWorker(request, options)).rejects.toThrow(reason);
});

test('decoding stops when the user interrupts it', async () => {
  const entry = join(temporaryFolder(), 'worker.mjs');
  writeFileSync(entry, 'for (;;);');
  const controller = new AbortController();
  const rendering = renderInWorker(
    {bytes: pngFile(2, 2), graphics: blocks, room},
    {entry: pathToFileURL(entry), signal: controller.signal},
  );
  controller.abort();
  await expect(rendering).rejects.toThrow('it was stopped');
});

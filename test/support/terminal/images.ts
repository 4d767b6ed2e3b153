import jpeg from 'jpeg-js';
import {GifWriter} from 'omggif';
import {PNG} from 'pngjs';

/** What terminals answer to the query for graphics. */
export const answerOf = {
  kitty: '\u001b_Gi=31;OK\u001b\\\u001bP>|kitty(0.38.1)\u001b\\\u001b[6;20;10t\u001b[?62;c',
  iterm2: '\u001bP>|iTerm2 3.5.4\u001b\\\u001b[6;20;10t\u001b[?62;4;c',
  sixel: '\u001bP>|foot(1.16.2)\u001b\\\u001b[6;20;10t\u001b[?62;4;22c',
  sixelWithoutCellSize: '\u001b[?62;4;22c',
  none: '\u001b[?1;2c',
};

/** The end of the query. */
export const query = '\u001b[c';

/** An image with a red upper half and a blue lower half. */
export function pixels(width: number, height: number): Buffer {
  const data = Buffer.alloc(width * height * 4);
  for (let at = 0; at < data.length; at += 4) data.set(at < data.length / 2 ? [255, 0, 0, 255] : [0, 0, 255, 255], at);
  return data;
}

export function pngFile(width: number, height: number, data = pixels(width, height)): Buffer {
  const png = new PNG({width, height});
  png.data = data;
  return PNG.sync.write(png);
}

export const jpegFile = (width: number, height: number): Buffer =>
  jpeg.encode({width, height, data: pixels(width, height)}, 90).data;

export function gifFile(width: number, height: number): Buffer {
  const file = Buffer.alloc(width * height + 1000);
  const gif = new GifWriter(file, width, height, {palette: [0xff0000, 0x0000ff]});
  const indices = Array.from({length: width * height}, (_, at) => (at < (width * height) / 2 ? 0 : 1));
  gif.addFrame(0, 0, width, height, indices);
  return file.subarray(0, gif.end());
}

/** 4 × 4 pixels, lossless, all red. */
export const webpFile = (): Buffer =>
  Buffer.from('UklGRjwAAABXRUJQVlA4IDAAAADQAQCdASoEAAQAAUAmJaACdLoB+AADsAD+8ut//NgVzXPv9//S4P0uD9Lg/9KQAAA=', 'base64');

/** The images that a program wrote by the kitty graphics protocol, with their size in cells and in pixels. */
export const kittyImages = (bytes: string) =>
  kittySequences(bytes).map(({keys, base64}) => {
    const {width, height} = PNG.sync.read(Buffer.from(base64, 'base64'));
    return {columns: Number(keys.c), rows: Number(keys.r), width, height};
  });

/** The first image that a program wrote by the kitty graphics protocol. */
export const kittyPng = (bytes: string): PNG =>
  PNG.sync.read(Buffer.from(kittySequences(bytes)[0]?.base64 ?? '', 'base64'));

function kittySequences(bytes: string) {
  const parts = [...bytes.matchAll(/\u001b_G([^;\u001b]*);([A-Za-z0-9+/=]*)\u001b\\/g)];
  const images: {keys: Record<string, string>; base64: string}[] = [];
  for (const [, keys = '', base64 = ''] of parts) {
    const named = Object.fromEntries(keys.split(',').map((each) => each.split('=')));
    const last = images.at(-1);
    if (named.a === 'T') images.push({keys: named, base64});
    else if (named.a === undefined && last) last.base64 += base64;
  }
  return images;
}

import {crc32, deflateSync} from 'node:zlib';

/* The picture that the bot Sandbox-Image replies with: mountains at sunset. */

export const picturePath = '/base/image/sandbox-picture.png';

/** The same picture under another path, for bots that make several. */
export const picturePathOf = (number: number): string => picturePath.replace('.png', `-${number}.png`);

export const isPicturePath = (path: string): boolean => /^\/base\/image\/sandbox-picture(?:-\d+)?\.png$/.test(path);

const [width, height] = [640, 400];

export const pictureFacts = {name: 'picture.png', mimeType: 'image/png', size: 58_223};

let file: Buffer | undefined;

/** The picture as a PNG file. */
export const picture = (): Buffer => (file ??= toPng());

type Color = readonly [red: number, green: number, blue: number];

const sky: readonly Color[] = [
  [38, 32, 92],
  [140, 62, 120],
  [245, 128, 92],
  [255, 205, 130],
];
const sun = {x: 420, y: 215, radius: 46, color: [255, 240, 190] as Color};
/** Ridges from the farthest to the nearest: where they are, how they rise, and their color. */
const ridges: readonly {level: number; waves: readonly [height: number, length: number][]; color: Color}[] = [
  {
    level: 250,
    waves: [
      [34, 75],
      [12, 23],
      [4, 7],
    ],
    color: [120, 70, 130],
  },
  {
    level: 290,
    waves: [
      [40, 110],
      [14, 31],
      [5, 9],
    ],
    color: [76, 46, 104],
  },
  {
    level: 345,
    waves: [
      [26, 140],
      [10, 37],
      [3, 11],
    ],
    color: [34, 24, 62],
  },
];

function colorAt(x: number, y: number): Color {
  const ridge = ridges.findLast(({level, waves}) => {
    const rise = waves.reduce((sum, [size, length]) => sum + size * Math.sin(x / length + level), 0);
    return y > level - rise;
  });
  if (ridge) return ridge.color;
  const distance = Math.hypot(x - sun.x, y - sun.y) - sun.radius;
  const glow = distance <= 0 ? 1 : 0.5 * Math.exp(-distance / 60);
  return mix(skyAt(y), sun.color, glow);
}

function skyAt(y: number): Color {
  const at = Math.min(sky.length - 1.001, (y / 270) * (sky.length - 1));
  const [above = sun.color, below = sun.color] = sky.slice(Math.floor(at), Math.floor(at) + 2);
  return mix(above, below, at % 1);
}

const mix = (one: Color, other: Color, share: number): Color => [
  Math.round(one[0] + (other[0] - one[0]) * share),
  Math.round(one[1] + (other[1] - one[1]) * share),
  Math.round(one[2] + (other[2] - one[2]) * share),
];

function toPng(): Buffer {
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rows.set(colorAt(x, y), y * (1 + width * 3) + 1 + x * 3);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits for each of three colors.
  header.set([8, 2], 8);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  const chunks = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...chunks]);
}

function chunk(type: string, data: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(type), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(content));
  return Buffer.concat([length, content, check]);
}

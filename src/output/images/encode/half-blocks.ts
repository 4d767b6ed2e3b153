import type {Colors} from '../graphics.js';
import type {Pixels} from '../pixels.js';

/** An image as lines of half blocks. Each character shows two pixels, one above the other. */
export function halfBlocks({width, height, data}: Pixels, colors: Colors): string {
  const code = colors === 'true' ? trueColor : color256;
  const colorAt = (x: number, y: number): string | undefined => {
    const at = (y * width + x) * 4;
    if (y >= height || (data[at + 3] ?? 0) < 128) return undefined;
    return code(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0);
  };
  const lines: string[] = [];
  for (let y = 0; y < height; y += 2) {
    let line = '';
    let style = '';
    for (let x = 0; x < width; x++) {
      const cell = cellOf(colorAt(x, y), colorAt(x, y + 1));
      line += cell.style === style ? cell.text : `\u001b[0${cell.style}m${cell.text}`;
      ({style} = cell);
    }
    lines.push(`${line}\u001b[0m\n`);
  }
  return lines.join('');
}

function cellOf(top: string | undefined, bottom: string | undefined): {style: string; text: string} {
  if (top === undefined && bottom === undefined) return {style: '', text: ' '};
  if (top === undefined) return {style: `;38;${bottom}`, text: '▄'};
  return {style: `;38;${top}${bottom === undefined ? '' : `;48;${bottom}`}`, text: '▀'};
}

const trueColor = (red: number, green: number, blue: number): string => `2;${red};${green};${blue}`;

/** The nearest of the 240 colors that all terminals with 256 colors share: a cube of 6×6×6, and 24 grays. */
function color256(red: number, green: number, blue: number): string {
  const cube = [red, green, blue].map((value) => (value < 48 ? 0 : value < 115 ? 1 : Math.floor((value - 35) / 40)));
  const [r = 0, g = 0, b = 0] = cube;
  const gray = Math.max(0, Math.min(23, Math.round(((red + green + blue) / 3 - 8) / 10)));
  const distance = (color: readonly number[]) =>
    [red, green, blue].reduce((sum, value, index) => sum + (value - (color[index] ?? 0)) ** 2, 0);
  const grayLevel = 8 + 10 * gray;
  const isGray = distance([grayLevel, grayLevel, grayLevel]) < distance(cube.map((level) => cubeLevels[level] ?? 0));
  return `5;${isGray ? 232 + gray : 16 + 36 * r + 6 * g + b}`;
}

const cubeLevels = [0, 95, 135, 175, 215, 255];

import type {Pixels} from './pixels.js';

/** Makes an image smaller: each new pixel is the average of those that it covers. Neither side may grow. */
export function scaleDown(image: Pixels, width: number, height: number): Pixels {
  if (width === image.width && height === image.height) return image;
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    const top = Math.floor((y * image.height) / height);
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * image.height) / height));
    for (let x = 0; x < width; x++) {
      const left = Math.floor((x * image.width) / width);
      const right = Math.max(left + 1, Math.floor(((x + 1) * image.width) / width));
      average(image, {left, right, top, bottom}, data, (y * width + x) * 4);
    }
  }
  return {width, height, data};
}

interface Area {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Writes the average color of an area. Transparent pixels have no color. */
function average({data, width}: Pixels, {left, right, top, bottom}: Area, target: Uint8Array, at: number): void {
  let [red, green, blue, alpha] = [0, 0, 0, 0];
  for (let y = top; y < bottom; y++) {
    for (let from = (y * width + left) * 4; from < (y * width + right) * 4; from += 4) {
      const weight = data[from + 3] ?? 0;
      red += (data[from] ?? 0) * weight;
      green += (data[from + 1] ?? 0) * weight;
      blue += (data[from + 2] ?? 0) * weight;
      alpha += weight;
    }
  }
  if (alpha === 0) return;
  target[at] = Math.round(red / alpha);
  target[at + 1] = Math.round(green / alpha);
  target[at + 2] = Math.round(blue / alpha);
  target[at + 3] = Math.round(alpha / ((right - left) * (bottom - top)));
}

/** Adds transparent pixels at the right and at the bottom. */
export function padTo({width, height, data}: Pixels, newWidth: number, newHeight: number): Pixels {
  const padded = new Uint8Array(newWidth * newHeight * 4);
  for (let y = 0; y < height; y++) padded.set(data.subarray(y * width * 4, (y + 1) * width * 4), y * newWidth * 4);
  return {width: newWidth, height: newHeight, data: padded};
}

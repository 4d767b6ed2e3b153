/** A size such as `312 B`, `4.2 KB` or `1.3 MB`. */
export function bytes(count: number): string {
  const unit = units.findLast(([size]) => count >= size);
  return unit ? `${Number((count / unit[0]).toPrecision(2)).toLocaleString('en-US')} ${unit[1]}` : `${count} B`;
}

const units = [
  [1e3, 'KB'],
  [1e6, 'MB'],
  [1e9, 'GB'],
] as const;

/** The size of a file in bytes or, if Poe tells only that, of an image in pixels: `640 × 400 pixels`. '' if it is unknown. */
export function fileSize({size, url}: {size: number | null; url: string}): string {
  if (size !== null) return bytes(size);
  // Poe writes the size of an image into its URL.
  const {w, h} = URL.canParse(url) ? Object.fromEntries(new URL(url).searchParams) : {};
  return isLength(w) && isLength(h) ? `${w} × ${h} pixels` : '';
}

const isLength = (text: string | undefined): text is string => text !== undefined && /^[1-9]\d{0,4}$/.test(text);

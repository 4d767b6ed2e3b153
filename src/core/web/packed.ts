import {pipeline, type Readable} from 'node:stream';
import {createBrotliDecompress, createUnzip} from 'node:zlib';

/** A body as it was before the server packed it. Node's fetch does so by itself; what undici's `request` gives is as it came. */
export function unpacked(body: Readable, headers: Headers): Readable {
  const how = headers.get('Content-Encoding')?.trim().toLowerCase();
  if (how === undefined || !['gzip', 'x-gzip', 'deflate', 'br'].includes(how)) return body;
  // Whoever reads the result hears of an error of either.
  return pipeline(body, how === 'br' ? createBrotliDecompress() : createUnzip(), () => {});
}

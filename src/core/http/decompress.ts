import {pipeline, type Readable} from 'node:stream';
import {constants, createBrotliDecompress, createUnzip} from 'node:zlib';

/** What `unpacked` knows, as a request says it. */
export const acceptedEncodings = 'gzip, deflate, br';

/** A body as it was before the server packed it. One that ends early gives what it has, as in a browser. */
export function decompress(body: Readable, coding = ''): Readable {
  const how = coding.trim().toLowerCase();
  if (!['gzip', 'x-gzip', 'deflate', 'br'].includes(how)) return body;
  const decoder =
    how === 'br'
      ? createBrotliDecompress({flush: constants.BROTLI_OPERATION_FLUSH, finishFlush: constants.BROTLI_OPERATION_FLUSH})
      : createUnzip({flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH});
  // Whoever reads the result hears of an error of either.
  return pipeline(body, decoder, () => {});
}

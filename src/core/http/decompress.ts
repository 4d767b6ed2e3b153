import {pipeline, type Readable} from 'node:stream';
import {slowModules} from './slow-modules.js';

/** The `Accept-Encoding` header for `decompress`. */
export const acceptedEncodings = 'gzip, deflate, br';

/** Decodes a body by its `Content-Encoding`. A truncated body yields what arrived, as in a browser. */
export function decompress(body: Readable, encoding = ''): Readable {
  const name = encoding.trim().toLowerCase();
  if (!['gzip', 'x-gzip', 'deflate', 'br'].includes(name)) return body;
  const {constants, createBrotliDecompress, createUnzip} = slowModules.zlib();
  const decoder =
    name === 'br'
      ? createBrotliDecompress({flush: constants.BROTLI_OPERATION_FLUSH, finishFlush: constants.BROTLI_OPERATION_FLUSH})
      : createUnzip({flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH});
  // The pipeline destroys the decoder with the error of either stream, so the reader receives it.
  return pipeline(body, decoder, () => {});
}

import {pipeline, type Readable} from 'node:stream';
import {slowModules} from './slow-modules.js';

/** The `Accept-Encoding` header for `decompress`. */
export const acceptedEncodings = 'gzip, deflate, br';

/**
 * Decodes a body by its `Content-Encoding`. A truncated body yields what arrived, and then fails with Z_BUF_ERROR if it
 * must be whole: without a length, its own end is all that shows that none of it is missing.
 */
export function decompress(body: Readable, encoding = '', {isWhole}: {isWhole: boolean}): Readable {
  const name = encoding.trim().toLowerCase();
  if (!['gzip', 'x-gzip', 'deflate', 'br'].includes(name)) return body;
  const {constants, createBrotliDecompress, createUnzip} = slowModules.zlib();
  const flush = name === 'br' ? constants.BROTLI_OPERATION_FLUSH : constants.Z_SYNC_FLUSH;
  const options = isWhole ? {flush} : {flush, finishFlush: flush};
  const decoder = name === 'br' ? createBrotliDecompress(options) : createUnzip(options);
  // The pipeline destroys the decoder with the error of either stream, so the reader receives it.
  return pipeline(body, decoder, () => {});
}

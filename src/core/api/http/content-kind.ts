import {PoeError} from '../../errors.js';

/** The format of a response body, by its content: servers do not always label it correctly. */
export type ContentKind = 'events' | 'json' | 'page';

/** Give up looking for the first character after this many bytes of white space. */
const maxBlankBytes = 65_536;

/** Detects the format of a body by its first character. @returns the format, and the whole body */
export async function detectContentKind(
  body: AsyncIterable<Uint8Array>,
): Promise<{kind: ContentKind; body: AsyncIterable<Uint8Array>}> {
  const iterator = body[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  let start = '';
  for (let bytes = 0; start === '' && bytes <= maxBlankBytes; bytes += chunks.at(-1)?.byteLength ?? 0) {
    const next = await iterator.next();
    if (next.done) break;
    chunks.push(next.value);
    start = Buffer.concat(chunks)
      .toString('latin1')
      .replace(/^\u00EF\u00BB\u00BF/, '')
      .trimStart();
  }
  const kind = /^[{[]/.test(start) ? 'json' : start.startsWith('<') ? 'page' : 'events';
  return {kind, body: concatenate(chunks, iterator)};
}

async function* concatenate(chunks: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>) {
  try {
    yield* chunks;
    for (;;) {
      const next = await rest.next();
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await rest.return?.();
  }
}

/** A web page instead of a reply: from Poe, or from a proxy or login page in between. */
export const unexpectedPage = (): PoeError =>
  new PoeError('unavailable', "Poe's API returned a web page instead of a reply", {
    hint: 'Check that no proxy or login page of your network intercepts the connection, then try again.',
  });

import {PoeError} from '../../errors.js';
import {type ChunkSource, eagerBuffer} from './eager-buffer.js';

/** The format of a response body, by its content: servers do not always label it correctly. */
export type ContentKind = 'events' | 'json' | 'page';

/** Give up looking for the first character after this many bytes of white space. */
const maxBlankBytes = 65_536;

/** A body whose first chunks have arrived. Chunks that arrive together stay together. */
export interface StartedBody {
  first: readonly Uint8Array[];
  rest: AsyncIterable<readonly Uint8Array[]>;
}

/** Detects the format of a body by its first character. @returns the format, and the whole body */
export async function detectContentKind(source: ChunkSource<Uint8Array>): Promise<StartedBody & {kind: ContentKind}> {
  const rest = eagerBuffer(source);
  const first: Uint8Array[] = [];
  let start = '';
  let bytes = 0;
  while (start === '' && bytes <= maxBlankBytes) {
    const next = await rest.next();
    if (next.done) break;
    first.push(...next.value);
    const all = Buffer.concat(first);
    bytes = all.length;
    start = all
      .toString('latin1')
      .replace(/^\u00EF\u00BB\u00BF/, '')
      .trimStart();
  }
  const kind = /^[{[]/.test(start) ? 'json' : start.startsWith('<') ? 'page' : 'events';
  return {kind, first, rest};
}

/** The chunks of a body, one by one. */
export async function* chunksOf({first, rest}: StartedBody): AsyncGenerator<Uint8Array, void, undefined> {
  yield* first;
  for await (const chunks of rest) yield* chunks;
}

/** A web page instead of something else: from Poe, or from a proxy or login page in between. */
export const unexpectedPage = (expected = 'a reply'): PoeError =>
  new PoeError('unavailable', `Poe's API returned a web page instead of ${expected}`, {
    hint: 'Check that no proxy or login page of your network intercepts the connection, then try again.',
  });

import {PoeError} from '../../errors.js';

/** What an answer turns out to be, whatever it is called. */
export type Form = 'events' | 'json' | 'page';

/** More blanks than this are the beginning of nothing. */
const mostBlank = 65_536;

/** Looks at the beginning of an answer. @returns its form, and all of it */
export async function formOf(
  chunks: AsyncIterable<Uint8Array>,
): Promise<{form: Form; chunks: AsyncIterable<Uint8Array>}> {
  const iterator = chunks[Symbol.asyncIterator]();
  const seen: Uint8Array[] = [];
  let beginning = '';
  for (let bytes = 0; beginning === '' && bytes <= mostBlank; bytes += seen.at(-1)?.byteLength ?? 0) {
    const next = await iterator.next();
    if (next.done) break;
    seen.push(next.value);
    beginning = Buffer.concat(seen)
      .toString('latin1')
      .replace(/^\u00EF\u00BB\u00BF/, '')
      .trimStart();
  }
  const form = /^[{[]/.test(beginning) ? 'json' : beginning.startsWith('<') ? 'page' : 'events';
  return {form, chunks: joined(seen, iterator)};
}

async function* joined(seen: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>) {
  try {
    yield* seen;
    for (;;) {
      const next = await rest.next();
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await rest.return?.();
  }
}

/** A page of whoever stands between here and Poe, or of Poe itself. */
export const webPage = (): PoeError =>
  new PoeError('unavailable', 'Poe’s API answered with a web page where the reply was due', {
    hint: 'Check that no proxy or log-in page of the network stands between, then try again.',
  });

/**
 * The lines of a stream, as many at once as have arrived, without `\n` or `\r\n` and without a byte order mark. Node's `readline` would
 * also end a line at U+2028, which JSON has inside its texts, and takes five times as long.
 * @param options.isStrict whether to throw Node's `ERR_ENCODING_INVALID_ENCODED_DATA` if it is not UTF-8
 */
export async function* readLines(
  stream: AsyncIterable<string | Buffer>,
  {isStrict = false}: {isStrict?: boolean} = {},
): AsyncGenerator<readonly string[], void, undefined> {
  const decoder = new TextDecoder('utf-8', {fatal: isStrict});
  let rest = '';
  for await (const chunk of stream) {
    const [first = '', ...lines] = (typeof chunk === 'string' ? chunk : decoder.decode(chunk, {stream: true})).split(
      '\n',
    );
    rest += first;
    const last = lines.pop();
    if (last === undefined) continue;
    yield [rest, ...lines].map(withoutReturn);
    rest = last;
  }
  rest += decoder.decode();
  if (rest !== '') yield [withoutReturn(rest)];
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

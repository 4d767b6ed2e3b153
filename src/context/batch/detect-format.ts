/** How the prompts of a batch are written. */
export type PromptFormat = 'jsonl' | 'csv';

type Chunks = AsyncIterable<string | Buffer>;

/** As much is read to find the end of the first line. */
const maxHeadLength = 65_536;

/** The format that the name of a file ends with; undefined for other names. */
export function formatOf(name: string): PromptFormat | undefined {
  const [, ending] = /\.(csv|jsonl|ndjson)$/i.exec(name) ?? [];
  if (ending === undefined) return undefined;
  return ending.toLowerCase() === 'csv' ? 'csv' : 'jsonl';
}

/** Finds out by its first line whether a stream is JSONL. @returns the format and the whole stream */
export async function detectFormat(stream: Chunks): Promise<{format: PromptFormat; chunks: Chunks}> {
  const iterator = stream[Symbol.asyncIterator]();
  const read: Buffer[] = [];
  let hasText = false;
  for (let length = 0; length < maxHeadLength;) {
    const {done, value} = await iterator.next();
    if (done) break;
    const chunk = Buffer.from(value);
    read.push(chunk);
    length += chunk.length;
    const text = chunk.toString('latin1');
    if (hasText ? text.includes('\n') : /\S[^\n]*\n/.test(text)) break;
    hasText ||= /\S/.test(text);
  }
  const [line = ''] = new TextDecoder().decode(Buffer.concat(read)).trimStart().split('\n');
  const chunks = async function* () {
    yield* read;
    yield* {[Symbol.asyncIterator]: () => iterator};
  };
  return {format: isJsonLine(line) ? 'jsonl' : 'csv', chunks: chunks()};
}

/** Whether a line is JSON, or would be without a mistake. A header row is neither, unless its only column is in quotes. */
function isJsonLine(line: string): boolean {
  if (/^\s*([{[]|$)/.test(line)) return true;
  try {
    return typeof JSON.parse(line) === 'string';
  } catch {
    return false;
  }
}

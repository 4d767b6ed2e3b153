import {createReadStream} from 'node:fs';
import * as v from 'valibot';
import {readLines} from '../../store/files/lines.js';

/* Lines of the files that a batch writes. */

const Result = v.object({id: v.string(), text: v.string(), error: v.nullable(v.looseObject({}))});
/** How each result begins. */
export const resultStart = '{"id":';

/** @param end the number of bytes to read */
export async function* linesOf(path: string, end = Infinity): AsyncGenerator<string, void, undefined> {
  if (end === 0) return;
  for await (const lines of readLines(createReadStream(path, {end: end - 1}))) yield* lines;
}

export function parseResult(line: string): v.InferOutput<typeof Result> | undefined {
  const result = v.safeParse(Result, parseJson(line));
  return result.success ? result.output : undefined;
}

function parseJson(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return value;
  } catch {
    return undefined;
  }
}

/** The ID on a line; undefined if there is none. */
export function parseId(line: string): string | undefined {
  const id = v.safeParse(v.string(), parseJson(line));
  return id.success ? id.output : undefined;
}

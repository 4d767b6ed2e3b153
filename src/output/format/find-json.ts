/** A JSON text in a reply. */
export interface FoundJson {
  /** As the bot wrote it. */
  source: string;
  value: unknown;
}

/** Prose may contain brackets that begin no JSON. Each attempt reads to the end of the text at most. */
const maxAttempts = 30;

/** Deeper values would exceed the stack when they are checked or printed. */
const maxDepth = 500;

/**
 * The JSON texts in a reply, likely ones first: the whole reply, its code blocks, the objects and lists in its text.
 */
export function* jsonIn(reply: string): Generator<FoundJson, void, undefined> {
  const whole = parse(reply);
  if (whole) {
    if (isShallow(whole)) yield whole;
    return;
  }
  for (const block of codeBlocks(reply).slice(0, maxAttempts)) {
    const found = parse(block);
    if (found && isShallow(found)) yield found;
  }
  let position = 0;
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const start = indexOf(reply, /[[{]/g, position);
    if (start === -1) return;
    const end = endOf(reply, start);
    const found = end === -1 ? undefined : parse(reply.slice(start, end));
    if (found && isShallow(found)) yield found;
    position = found ? end : start + 1;
  }
}

/** The texts between fences. The last one may have no end. */
function codeBlocks(text: string): string[] {
  const blocks: string[] = [];
  let fence: string | undefined;
  let lines: string[] = [];
  for (const line of [...text.split('\n'), fenceOfEnd]) {
    const [, marks = ''] = /^\s*(`{3,}|~{3,})/.exec(line) ?? [];
    const isEnd = line === fenceOfEnd || (fence !== undefined && marks.startsWith(fence) && line.trim() === marks);
    if (fence === undefined) fence = marks === '' ? undefined : marks;
    else if (isEnd) {
      if (lines.length > 0) blocks.push(lines.join('\n'));
      fence = undefined;
      lines = [];
    } else lines.push(line);
  }
  return blocks;
}

/** No line has a line break. */
const fenceOfEnd = '\n';

function parse(text: string): FoundJson | undefined {
  const source = text.trim();
  try {
    return {source, value: JSON.parse(source)};
  } catch {
    return undefined;
  }
}

const isShallow = ({source}: FoundJson): boolean => depthOf(source) <= maxDepth;

/** How many brackets enclose the innermost value of a JSON text. */
function depthOf(json: string): number {
  let [depth, max] = [0, 0];
  for (const [found] of json.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (found === '[' || found === '{') max = Math.max(max, ++depth);
    else if (found === ']' || found === '}') depth--;
  }
  return max;
}

function indexOf(text: string, pattern: RegExp, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? -1;
}

/** The position after the bracket that closes the one at `start`; -1 if there is none. */
function endOf(text: string, start: number): number {
  let depth = 0;
  const token = /"(?:[^"\\]|\\.)*"|[[\]{}]/gs;
  token.lastIndex = start;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [found] = match;
    if (found.startsWith('"')) continue;
    depth += found === '[' || found === '{' ? 1 : -1;
    if (depth === 0) return token.lastIndex;
  }
  return -1;
}

/** JSON on one line, with its numbers as they were written: those above 2^53 would lose digits. */
export const compactJson = ({source}: FoundJson): string =>
  source.replaceAll(/("(?:[^"\\]|\\.)*")|\s+/gs, (_whole, text: string | undefined) => text ?? '');

/** JSON for people. */
export function indentedJson(found: FoundJson): string {
  return JSON.stringify(found.value) === compactJson(found) ? JSON.stringify(found.value, undefined, 2) : found.source;
}

import {StringStream} from '@codemirror/streamparser';
import type {ChalkInstance} from 'chalk';
import type {Parser} from './languages.js';

/** Minified code, of which nobody reads the colours. */
const longest = 2000;
/** A reader that does not get on. */
const mostStandstills = 10;

/**
 * Code that is coloured line by line: the look of a line depends on it and on those above, never on what comes. Only styles
 * are put around the text, which must have been cleaned.
 */
export class Code {
  readonly #parser: Parser;
  readonly #state: unknown;

  constructor(parser: Parser, state: unknown = parser.startState?.(2) ?? {}) {
    this.#parser = parser;
    this.#state = state;
  }

  /** @returns the lines in colour, and the code as it goes on below them */
  read(lines: readonly string[], paint: ChalkInstance): {lines: string[]; next: Code} {
    const state = copyOf(this.#parser, this.#state);
    return {lines: lines.map((line) => this.#line(line, state, paint)), next: new Code(this.#parser, state)};
  }

  #line(line: string, state: unknown, paint: ChalkInstance): string {
    if (line.length > longest) return line;
    if (line === '') this.#parser.blankLine?.(state, 2);
    const spans: Span[] = [];
    let read = 0;
    try {
      for (const {end, tone} of tokens(this.#parser, new StringStream(line, 4, 2), state)) {
        addTo(spans, {text: line.slice(read, end), tone});
        read = end;
      }
    } catch {
      // A reader that stumbles over code has no say in how the rest of the line looks.
    }
    addTo(spans, {text: line.slice(read), tone: undefined});
    return spans.map(({text, tone}) => (tone ? paint[tone](text) : text)).join('');
  }
}

/** The ends of the tokens of a line, each further on than the one before. */
function* tokens(
  parser: Parser,
  stream: StringStream,
  state: unknown,
): Generator<{end: number; tone: Tone | undefined}> {
  let end = 0;
  for (let standstills = 0; !stream.eol() && standstills < mostStandstills; standstills += 1) {
    stream.start = stream.pos;
    const tone = toneOf(parser.token(stream, state));
    if (stream.pos <= end) continue;
    end = stream.pos;
    standstills = 0;
    yield {end, tone};
  }
}

interface Span {
  text: string;
  tone: Tone | undefined;
}

function addTo(spans: Span[], span: Span): void {
  const last = spans.at(-1);
  if (last && last.tone === span.tone) last.text += span.text;
  else spans.push(span);
}

function copyOf(parser: Parser, state: unknown): unknown {
  if (parser.copyState) return parser.copyState(state);
  const members = Object.entries(state ?? {}).map(([name, member]) => [
    name,
    Array.isArray(member) ? [...member] : member,
  ]);
  return Object.fromEntries(members);
}

/** @param style names with modifiers, as the readers give them: `variableName.standard` */
const toneOf = (style: string | null): Tone | undefined =>
  style
    ?.split(/[ .]/)
    .map((name) => tones.get(name))
    .find(Boolean);

/** Of the base colours those that can be read on light and on dark. */
type Tone = 'dim' | 'magenta' | 'green' | 'cyan' | 'red';

const styles: readonly (readonly [Tone, names: string])[] = [
  ['dim', 'comment meta'],
  ['magenta', 'keyword controlKeyword modifier tag tagName heading header'],
  ['green', 'string character inserted'],
  ['cyan', 'number atom bool unit type typeName builtin standard attribute attributeName macroName'],
  ['red', 'deleted'],
];

const tones = new Map(styles.flatMap(([tone, names]) => names.split(' ').map((name) => [name, tone] as const)));

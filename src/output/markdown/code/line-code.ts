import {type StreamParser, StringStream} from '@codemirror/streamparser';
import type {Code, CodePaint, Tone} from './code.js';

/** Splits the code of one language into tokens, without looking at later lines. */
export type LineParser = StreamParser<unknown>;

/** After so many steps without progress, the rest of a line is not colored. */
const maxStalledSteps = 10;

/** Code that is colored line by line: the colors of a line depend on it and on the lines above, never on later lines. */
export class LineCode implements Code {
  readonly #parser: LineParser;
  readonly #state: unknown;

  constructor(parser: LineParser, state: unknown = parser.startState?.(2) ?? {}) {
    this.#parser = parser;
    this.#state = state;
  }

  read(lines: readonly string[], paint: CodePaint): {lines: string[]; next: Code} {
    const state = copyOf(this.#parser, this.#state);
    return {lines: lines.map((line) => this.#line(line, state, paint)), next: new LineCode(this.#parser, state)};
  }

  #line(line: string, state: unknown, paint: CodePaint): string {
    if (line === '') this.#parser.blankLine?.(state, 2);
    const spans: Span[] = [];
    let end = 0;
    try {
      for (const token of tokens(this.#parser, new StringStream(line, 4, 2), state)) {
        addTo(spans, {text: line.slice(end, token.end), tone: token.tone});
        end = token.end;
      }
    } catch {
      // If the parser fails, the rest of the line is not colored.
    }
    addTo(spans, {text: line.slice(end), tone: undefined});
    return spans.map(({text, tone}) => (tone ? paint[tone](text) : text)).join('');
  }
}

/** The tokens of a line by their ends, which increase. */
function* tokens(
  parser: LineParser,
  stream: StringStream,
  state: unknown,
): Generator<{end: number; tone: Tone | undefined}> {
  let end = 0;
  for (let stalledSteps = 0; !stream.eol() && stalledSteps < maxStalledSteps; stalledSteps += 1) {
    stream.start = stream.pos;
    const tone = toneOf(parser.token(stream, state));
    if (stream.pos <= end) continue;
    end = stream.pos;
    stalledSteps = 0;
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

function copyOf(parser: LineParser, state: unknown): unknown {
  if (parser.copyState) return parser.copyState(state);
  const members = Object.entries(state ?? {}).map(([name, member]) => [
    name,
    Array.isArray(member) ? [...member] : member,
  ]);
  return Object.fromEntries(members);
}

/** @param style names with modifiers, as CodeMirror parsers return them: `variableName.standard` */
const toneOf = (style: string | null): Tone | undefined =>
  style
    ?.split(/[ .]/)
    .map((name) => tones.get(name))
    .find(Boolean);

const styles: readonly (readonly [Tone, names: string])[] = [
  ['dim', 'comment meta'],
  ['magenta', 'keyword controlKeyword modifier tag tagName heading header'],
  ['green', 'string character inserted'],
  ['cyan', 'number atom bool unit type typeName builtin standard attribute attributeName macroName'],
  ['red', 'deleted'],
];

const tones = new Map(styles.flatMap(([tone, names]) => names.split(' ').map((name) => [name, tone] as const)));

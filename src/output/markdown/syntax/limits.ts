import type MarkdownIt from 'markdown-it';
import {normalizeReference} from 'markdown-it/lib/common/utils.mjs';
import type {RuleBlock} from 'markdown-it/lib/parser_block.mjs';
import type StateBlock from 'markdown-it/lib/rules_block/state_block.mjs';

/** How deep lists and quotes may be nested. A block in which they are deeper is shown as it was written. */
const maxDepth = 24;
/** The number of steps for a text of any length, and for each of its characters. */
const baseSteps = 8000;
const stepsPerCharacter = 0.3;
/** The number of steps for one paragraph: about a thousand bold words. */
const stepsPerParagraph = 4000;
/** A block takes as much work as so many parts of a line, and so does a row of a table for each of its cells. */
const stepsPerBlock = 7;

/**
 * How much work the parser may do for one text. A step is a call of its rules for a part of a line. Paragraphs
 * that need too many steps, and what is left when all are used up, are shown as they were written.
 */
export class Limits {
  /** The lines at which lists or quotes are nested too deeply. */
  readonly deepLines: number[] = [];
  readonly #end: number;
  #paragraphEnd = Infinity;
  #steps = 0;

  /** @param length of the text */
  constructor(length: number) {
    this.#end = baseSteps + length * stepsPerCharacter;
  }

  get steps(): number {
    return this.#steps;
  }

  /** Whether the last paragraph needed too many steps. */
  get isExceeded(): boolean {
    return this.#steps > Math.min(this.#end, this.#paragraphEnd);
  }

  startParagraph(): void {
    this.#paragraphEnd = this.#steps + stepsPerParagraph;
  }

  /** Counts steps. @returns whether they may be taken */
  take(steps: number): boolean {
    this.#steps += steps;
    return !this.isExceeded;
  }
}

/** The URLs that `[text][name]` and `![text][name]` refer to, by name. */
export type References = ReadonlyMap<string, string>;

/** What the rules share while they parse one text. */
export interface ParseContext {
  limits: Limits;
  references: Record<string, {href: string; title: string}>;
  hasFormulas: boolean;
}

interface ParseOptions {
  references?: References | undefined;
  /** Whether formulas stay as they were written. Default: true. */
  hasFormulas?: boolean;
}

export function parsing(text: string, {references = new Map(), hasFormulas = true}: ParseOptions = {}): ParseContext {
  const byName = [...references].map(([name, href]) => [normalizeReference(name), {href, title: ''}]);
  return {limits: new Limits(text.length), references: Object.fromEntries(byName), hasFormulas};
}

/** To find something in a text whatever the time it takes, which grows with its length. */
export const unlimitedParsing = (): ParseContext => ({
  limits: new Limits(Infinity),
  references: {},
  hasFormulas: true,
});

/** markdown-it passes on whatever its caller gave, without a type. */
export const contextOf = ({env}: {env: unknown}): ParseContext => env as ParseContext;

const limitsOf = (state: {env: unknown}): Limits => contextOf(state).limits;

/** Makes a parser respect the limits. Must be added after all other rules, because it comes before them. */
export function addLimits(md: MarkdownIt): void {
  const [table] = md.block.ruler.getRules('');
  if (table) md.block.ruler.at('table', limitedTable(table), {alt: ['paragraph', 'reference']});
  md.block.ruler.before('table', 'limits', (state, startLine, endLine, silent) => {
    if (silent) return false;
    const limits = limitsOf(state);
    // A list adds two levels, and a quote one.
    if (state.level >= 2 * maxDepth) limits.deepLines.push(startLine);
    else if (limits.take(stepsPerBlock)) return false;
    return asVerbatim(state, startLine, endOfContainer(state, startLine, endLine));
  });
  md.inline.ruler.before('text', 'limits', (state, silent) => {
    if (limitsOf(state).take(1)) return false;
    if (!silent) state.pending += state.src.slice(state.pos, state.posMax);
    state.pos = state.posMax;
    return true;
  });
}

function asVerbatim(state: StateBlock, startLine: number, nextLine: number): true {
  const token = state.push('verbatim', '', 0);
  token.map = [startLine, nextLine];
  token.content = state.getLines(startLine, nextLine, state.blkIndent, false);
  state.line = nextLine;
  return true;
}

/** @param table the library's rule, which is the first one */
function limitedTable(table: RuleBlock): RuleBlock {
  return (state, startLine, endLine, silent) => {
    if (!table(state, startLine, endLine, true)) return false;
    if (silent) return true;
    const header = state.src.slice(state.bMarks[startLine], state.eMarks[startLine]);
    let nextLine = startLine + 1;
    while (nextLine < endLine && !state.isEmpty(nextLine)) nextLine += 1;
    const cells = header.split('|').length * (nextLine - startLine);
    if (limitsOf(state).take(stepsPerBlock * cells)) return table(state, startLine, endLine, false);
    return asVerbatim(state, startLine, nextLine);
  };
}

/** The line after the list item or the quote in which a line is. */
function endOfContainer(state: StateBlock, startLine: number, endLine: number): number {
  let line = startLine + 1;
  while (line < endLine && (state.isEmpty(line) || (state.sCount[line] ?? 0) >= state.blkIndent)) line += 1;
  return line;
}

import {type Parser, type PartialParse, type Tree, TreeFragment} from '@lezer/common';
import {highlightTree, tagHighlighter, tags} from '@lezer/highlight';
import type {Code, CodePaint, Tone} from './code.js';
import {uncolored} from './limited-code.js';

/** Code with more errors than this is not colored: its parser then takes a hundred times as long, and much memory. */
const maxErrorSteps = 200;
/** Code with more tokens than this is not colored, either. */
const maxSteps = 10_000;

interface TreeOptions {
  /** Whether the keys of objects have a color, as in data. */
  hasColoredKeys?: boolean;
}

/** Code that is parsed as a whole. A later line may give an earlier one other colors, which are then not shown. */
export class TreeCode implements Code {
  readonly #parser: Parser;
  readonly #options: TreeOptions;
  /** The lines above, each with its line feed. */
  readonly #above: string;
  /** What the parser knows of them. */
  readonly #fragments: readonly TreeFragment[];

  /** @param above the lines above, each with its line feed; `fragments` is what the parser knows of them */
  constructor(parser: Parser, options: TreeOptions = {}, above = '', fragments: readonly TreeFragment[] = []) {
    this.#parser = parser;
    this.#options = options;
    this.#above = above;
    this.#fragments = fragments;
  }

  read(lines: readonly string[], paint: CodePaint): {lines: string[]; next: Code} {
    if (lines.length === 0) return {lines: [], next: this};
    const text = `${this.#above}${lines.join('\n')}\n`;
    const tree = parse(this.#parser, text, this.#fragments);
    if (!tree) return uncolored.read(lines, paint);
    return {
      lines: colored(text, tree, {from: this.#above.length, paint, ...this.#options}),
      next: new TreeCode(this.#parser, this.#options, text, TreeFragment.addTree(tree, [], true)),
    };
  }
}

interface ColorOptions extends TreeOptions {
  from: number;
  paint: CodePaint;
}

/** @returns undefined if the code takes too many steps */
function parse(parser: Parser, text: string, fragments: readonly TreeFragment[]): Tree | undefined {
  // A field that is not public: whether the parser tries several ways to go on after an error.
  const parse: PartialParse & {recovering?: number} = parser.startParse(text, fragments);
  let errorSteps = 0;
  for (let step = 0; step < maxSteps && errorSteps <= maxErrorSteps; step += 1) {
    const tree = parse.advance();
    if (tree) return tree;
    if (parse.recovering) errorSteps += 1;
  }
  return undefined;
}

function colored(text: string, tree: Tree, {from, paint, hasColoredKeys = false}: ColorOptions): string[] {
  const spans: string[] = [];
  let end = from;
  highlightTree(
    tree,
    hasColoredKeys ? dataHighlighter : scriptHighlighter,
    (start, next, tone) => {
      if (start > end) spans.push(text.slice(end, start));
      // The names of the classes below are tones.
      spans.push(painted(text.slice(Math.max(end, start), next), paint[tone as Tone]));
      end = next;
    },
    from,
  );
  spans.push(text.slice(end, -1));
  return spans.join('').split('\n');
}

/** Each line has its styles for itself. */
const painted = (text: string, paint: (line: string) => string): string =>
  text
    .split('\n')
    .map((line) => paint(line))
    .join('\n');

const styles: Parameters<typeof tagHighlighter>[0] = [
  {class: 'dim' satisfies Tone, tag: [tags.comment, tags.meta]},
  {class: 'magenta' satisfies Tone, tag: [tags.keyword, tags.tagName]},
  {class: 'green' satisfies Tone, tag: [tags.string, tags.character, tags.regexp]},
  {
    class: 'cyan' satisfies Tone,
    tag: [tags.number, tags.atom, tags.bool, tags.null, tags.typeName, tags.attributeName],
  },
];

const scriptHighlighter = tagHighlighter(styles);
const dataHighlighter = tagHighlighter([...styles, {class: 'cyan' satisfies Tone, tag: tags.propertyName}]);

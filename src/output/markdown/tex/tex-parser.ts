import {script} from './scripts.js';
import {
  accents,
  alphabets,
  bigOperators,
  fonts,
  functions,
  operators,
  sizes,
  spaces,
  symbols,
  texts,
} from './symbols.js';

/** Thrown for TeX that has no simple equivalent. */
export class UnknownTex extends Error {}

const maxDepth = 8;

type Kind = 'term' | 'operator' | 'space' | 'function' | 'big' | 'fraction' | 'root';

interface Item {
  text: string;
  kind: Kind;
}

/** Reads TeX and writes it as a line of text. */
export class TexParser {
  readonly #source: string;
  #at = 0;
  #depth = 0;

  constructor(source: string) {
    this.#source = source;
  }

  /** @throws UnknownTex */
  parse(): string {
    const text = this.#sequence('');
    if (this.#at < this.#source.length) throw new UnknownTex();
    return text;
  }

  /** The items up to a closing character, which is not read. */
  #sequence(end: string): string {
    if (++this.#depth > maxDepth) throw new UnknownTex();
    const items: Item[] = [];
    while (this.#at < this.#source.length && this.#source[this.#at] !== end)
      items.push(this.#withScripts(this.#item()));
    this.#depth -= 1;
    return joined(items);
  }

  #withScripts(base: Item): Item {
    let {text} = base;
    const seen = new Set<string>();
    for (
      let mark = this.#source[this.#at];
      mark === '^' || mark === '_' || mark === "'";
      mark = this.#source[this.#at]
    ) {
      this.#at += 1;
      if (base.kind === 'space' || base.kind === 'operator' || seen.has(mark)) throw new UnknownTex();
      if (mark !== "'") seen.add(mark);
      if (base.kind === 'fraction' || base.kind === 'root') text = `(${text})`;
      text += mark === "'" ? '′' : script(mark, this.#argument());
    }
    if (text === base.text) return base;
    return {text, kind: base.kind === 'fraction' || base.kind === 'root' ? 'term' : base.kind};
  }

  #item(): Item {
    const character = this.#source[this.#at++] ?? '';
    if (character === '\\') return this.#command();
    if (character === '{') {
      this.#at -= 1;
      return {text: this.#argument(), kind: 'term'};
    }
    if (/[\s~]/.test(character)) return {text: ' ', kind: 'space'};
    if (/[\p{L}\p{N}()[\]|,.;:!?/+\-*=<>]/u.test(character)) return {text: character, kind: 'term'};
    throw new UnknownTex();
  }

  #command(): Item {
    const [name = ''] = /^(?:[a-z]+|[^])/i.exec(this.#source.slice(this.#at, this.#at + 30)) ?? [];
    this.#at += name.length;
    const space = spaces.get(name);
    if (space !== undefined) return {text: space, kind: 'space'};
    const operator = operators.get(name);
    if (operator !== undefined) return {text: operator, kind: 'operator'};
    const big = bigOperators.get(name);
    if (big !== undefined) return {text: big, kind: 'big'};
    if (functions.has(name)) return {text: name, kind: 'function'};
    if (sizes.has(name)) return this.#bracket();
    return this.#withArguments(name) ?? this.#symbol(name);
  }

  #withArguments(name: string): Item | undefined {
    if (texts.has(name)) return {text: this.#text(), kind: 'term'};
    if (name === 'displaystyle' || name === 'textstyle') return {text: '', kind: 'space'};
    if (fonts.has(name)) return {text: this.#argument(), kind: name === 'operatorname' ? 'function' : 'term'};
    if (/^[dtc]?frac$/.test(name)) return fraction(this.#argument(), this.#argument());
    if (name === 'sqrt') return root(this.#degree(), this.#argument());
    if (name === 'pmod') return {text: ` (mod ${this.#argument()})`, kind: 'term'};
    const accent = accents.get(name);
    if (accent !== undefined) return {text: accented(this.#argument(), accent), kind: 'term'};
    const alphabet = alphabets.get(name);
    return alphabet && {text: letterOf(alphabet, this.#argument()), kind: 'term'};
  }

  #symbol(name: string): Item {
    const text = symbols.get(name);
    if (text === undefined) throw new UnknownTex();
    if (/[∂∇¬∀∃]/.test(text)) this.#skipSpaces();
    return {text, kind: 'term'};
  }

  /** The bracket after `\left` and the like: none for a period. */
  #bracket(): Item {
    this.#skipSpaces();
    const character = this.#source[this.#at++] ?? '';
    if (character === '.') return {text: '', kind: 'space'};
    if (character === '\\') return this.#command();
    if (!/[()[\]|/<>]/.test(character)) throw new UnknownTex();
    return {text: character, kind: 'term'};
  }

  /** A group, or a single item. */
  #argument(): string {
    this.#skipSpaces();
    if (this.#source[this.#at] !== '{') {
      if (/[()[\]|]/.test(this.#source[this.#at] ?? '')) throw new UnknownTex();
      const item = this.#item();
      if (item.kind === 'space') throw new UnknownTex();
      return item.text;
    }
    this.#at += 1;
    const text = this.#sequence('}');
    if (this.#source[this.#at++] !== '}') throw new UnknownTex();
    return text.trim();
  }

  /** The text of `\text{…}`, as it is. */
  #text(): string {
    const [all, text = ''] = /^\s*\{([^{}\\$^_]*)\}/.exec(this.#source.slice(this.#at)) ?? [];
    if (all === undefined) throw new UnknownTex();
    this.#at += all.length;
    return text;
  }

  #degree(): string {
    const [all = '', degree = '2'] = /^\s*\[([234])\]/.exec(this.#source.slice(this.#at)) ?? [];
    this.#at += all.length;
    return degree;
  }

  #skipSpaces(): void {
    while (/\s/.test(this.#source[this.#at] ?? '')) this.#at += 1;
  }
}

/** Puts blanks where they are needed to read items that TeX would set apart. */
function joined(items: readonly Item[]): string {
  let line = '';
  for (const [index, {text, kind}] of items.entries()) {
    const next = items.slice(index + 1, index + 3).find((item) => item.kind !== 'space')?.text ?? '';
    const isAfterTerm = /[\p{L}\p{N}\p{M})\]}′|!%°…]\s*$/u.test(line);
    if (kind === 'operator') {
      line = isAfterTerm ? `${line.trimEnd()} ${text} ` : line + text;
    } else if (kind === 'space' && /[±∓]$/.test(line)) {
      continue;
    } else if (kind === 'function' || kind === 'big') {
      const before = /[\p{L}\p{N})\]]$/u.test(line) ? ' ' : '';
      line += before + text + (startsTerm.test(next) && (kind === 'big' || !/^[([]/.test(next)) ? ' ' : '');
    } else if (kind === 'fraction') {
      const isFactor = items[index + 1]?.kind !== 'space' && startsTerm.test(items[index + 1]?.text ?? '');
      line += (/[\p{L}\p{N}]$/u.test(line) ? ' ' : '') + (isFactor ? `(${text})` : text);
    } else if (kind === 'root') {
      line += text + (/^[\p{L}\p{N}]/u.test(items[index + 1]?.text ?? '') ? ' ' : '');
    } else {
      line += text;
    }
  }
  return line.replaceAll(/ {2,}/g, ' ');
}

const startsTerm = /^[\p{L}\p{N}([√∛∜|⟨⌊⌈]/u;

function fraction(above: string, below: string): Item {
  if (above === '' || below === '') throw new UnknownTex();
  const isSum = /[\s+\-±∓=<>≤≥/·×∑∏∫]/.test(above);
  const numerator = isSum && !isBracketed(above) && !isCall.test(above) ? `(${above})` : above;
  return {text: `${numerator}/${isSingle(below) ? below : `(${below})`}`, kind: 'fraction'};
}

function root(degree: string, text: string): Item {
  if (text === '') throw new UnknownTex();
  const sign = degree === '2' ? '√' : degree === '3' ? '∛' : '∜';
  return {text: sign + (isSingle(text) ? text : `(${text})`), kind: 'root'};
}

/** Whether a text is one number, word, differential or function, or one letter, perhaps with accents and scripts. */
const isSingle = (text: string): boolean =>
  /^(?:\d+(?:[.,]\d+)?|\p{L}{3,}|[d∂]?\p{L}[\p{M}\p{Lm}\p{No}′₊₋₌₍₎⁺⁻⁼⁽⁾]*)$/u.test(text) ||
  isCall.test(text) ||
  isBracketed(text);

const isCall = /^\p{L}\([^()]*\)$/u;

/** Whether the first bracket of a text is closed by its last character. */
function isBracketed(text: string): boolean {
  if (!text.startsWith('(') || !text.endsWith(')')) return false;
  let depth = 0;
  for (const [index, character] of [...text].entries()) {
    depth += character === '(' ? 1 : character === ')' ? -1 : 0;
    if (depth === 0 && index < [...text].length - 1) return false;
  }
  return true;
}

function accented(text: string, accent: string): string {
  if (!/^\p{L}$/u.test(text)) throw new UnknownTex();
  return text + accent;
}

function letterOf(alphabet: ReadonlyMap<string, string>, text: string): string {
  const letter = alphabet.get(text);
  if (letter === undefined) throw new UnknownTex();
  return letter;
}

import {Lexer, type MarkedToken, type Token, Tokenizer} from 'marked';

export type {MarkedToken, Token};

/**
 * The top-level blocks of a Markdown text, with their inline parts. Link definitions and references by name stay plain text:
 * a definition at the end would change what was printed long before. So does text that takes marked too long to parse.
 */
export function parse(markdown: string): Token[] {
  return newLexer().lex(markdown);
}

/** Like `parse`, but without inline parts. The `raw` parts of the blocks make up the text. */
export function parseBlocks(markdown: string): Token[] {
  return newLexer().blockTokens(markdown, []);
}

/** Whether a token is one of marked's own. Without extensions, all are. */
export const isKnown = (token: Token): token is MarkedToken => 'raw' in token;

const newLexer = () => new LimitedLexer({gfm: true, tokenizer: new PlainReferences()});

class LimitedLexer extends Lexer {
  override inlineTokens(text: string, tokens: Token[] = []): Token[] {
    if (isFastToParse(text)) return super.inlineTokens(text, tokens);
    tokens.push({type: 'text', raw: text, text, escaped: false});
    return tokens;
  }
}

class PlainReferences extends Tokenizer {
  override def(): undefined {
    return undefined;
  }

  override reflink(): undefined {
    return undefined;
  }
}

/** The most Markdown markers in one paragraph, heading or cell: 250 bold words. */
const maxMarkers = 500;
/** The longest text that is parsed as the name in an e-mail address. */
const maxNameLength = 1000;

/**
 * Marked's time grows with the square of the number of markers in a paragraph, and of the length of what could be the name in
 * an e-mail address: 30 KB take seconds. Neither people nor bots write such text.
 */
const isFastToParse = (text: string): boolean => !hasMoreThan(maxMarkers, text.matchAll(marker)) && !hasLongName(text);

/** What may start or end an inline element: a run of one marker, or the start of an image, a link, a tag or an address. */
const marker = /\*+|_+|~+|`+|[![<]|https?|ftp:/gi;

/** What marked accepts as the name in an e-mail address, with the @ if one follows. */
const emailName = /[a-z0-9.!#$%&'*+/=?_`{|}~-]+@?/gi;

function hasLongName(text: string): boolean {
  if (text.length <= maxNameLength || !text.includes('@')) return false;
  for (const [name] of text.matchAll(emailName)) if (name.length > maxNameLength && name.endsWith('@')) return true;
  return false;
}

function hasMoreThan(max: number, matches: Iterable<unknown>): boolean {
  let count = 0;
  for (const _match of matches) if (++count > max) return true;
  return false;
}

import {Lexer, type MarkedToken, type Token, Tokenizer} from 'marked';

export type {MarkedToken, Token};

/**
 * The top-level blocks of a Markdown text, their inline parts too. Link definitions and references by name are left as plain
 * text: a definition may come last, and would change what has long been printed.
 */
export function parse(markdown: string): Token[] {
  return newLexer().lex(markdown);
}

/** As `parse`, without looking into the blocks. Their `raw` parts make up the text again. */
export function parseBlocks(markdown: string): Token[] {
  return newLexer().blockTokens(markdown, []);
}

/** Whether a token is one that marked itself makes; without extensions all are. */
export const isKnown = (token: Token): token is MarkedToken => 'raw' in token;

const newLexer = () => new Lexer({gfm: true, tokenizer: new PlainReferences()});

class PlainReferences extends Tokenizer {
  override def(): undefined {
    return undefined;
  }

  override reflink(): undefined {
    return undefined;
  }
}

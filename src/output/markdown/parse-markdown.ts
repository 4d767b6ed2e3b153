import {Lexer, type MarkedToken, type Token, Tokenizer} from 'marked';
import {isWriting} from './parse-limits.js';

export type {MarkedToken, Token};

/**
 * The top-level blocks of a Markdown text, their inline parts too. Link definitions and references by name are left as plain
 * text: a definition may come last, and would change what has long been printed. What nobody writes stays as it is, too.
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

const newLexer = () => new WritingLexer({gfm: true, tokenizer: new PlainReferences()});

class WritingLexer extends Lexer {
  override inlineTokens(text: string, tokens: Token[] = []): Token[] {
    if (isWriting(text)) return super.inlineTokens(text, tokens);
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

/** V8 12 (Node 20) needs time that grows with the square of a text's length: 30 seconds for 100 KB. So texts are split first. */
const maxPieceLength = 256;

let segmenter: Intl.Segmenter | undefined;

// Created on first use: it takes a while.
const segment = (text: string): Intl.Segments => (segmenter ??= new Intl.Segmenter()).segment(text);

/** The characters of a text as users count them: an emoji or an accented letter is one. An endless one is split. */
export function* graphemes(text: string): Generator<string> {
  for (const piece of pieces(text)) for (const {segment: grapheme} of segment(piece)) yield grapheme;
}

/** Splits a text into pieces of limited length, between its graphemes. */
export function* pieces(text: string): Generator<string> {
  let at = 0;
  while (text.length - at > maxPieceLength) {
    const piece = text.slice(at, at + maxPieceLength).replace(/[\uD800-\uDBFF]$/, '');
    // The last grapheme of the piece may be incomplete.
    const length = segment(piece).containing(piece.length - 1)?.index || piece.length;
    yield piece.slice(0, length);
    at += length;
  }
  yield text.slice(at);
}

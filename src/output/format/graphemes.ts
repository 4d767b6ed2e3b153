/** V8 (12, Node 20) takes longer by the square of a text's length to part it: half a minute for 100 KB. So it is given little at once. */
const most = 256;

let segmenter: Intl.Segmenter | undefined;

/** Made when first needed, for that is dear. */
const parted = (text: string): Intl.Segments => (segmenter ??= new Intl.Segmenter()).segment(text);

/** The characters of a text as a reader counts them: an emoji or an accented letter is one. One without end is cut. */
export function* segmentsOf(text: string): Generator<string> {
  for (const piece of piecesOf(text)) for (const {segment} of parted(piece)) yield segment;
}

/** A text in pieces of limited length, none of which parts a character in two. */
export function* piecesOf(text: string): Generator<string> {
  let at = 0;
  while (text.length - at > most) {
    const piece = text.slice(at, at + most).replace(/[\uD800-\uDBFF]$/, '');
    // The last character of it may go on.
    const length = parted(piece).containing(piece.length - 1)?.index || piece.length;
    yield piece.slice(0, length);
    at += length;
  }
  yield text.slice(at);
}

/**
 * Makes text from outside safe for a terminal: whatever could start a control sequence, turn the writing direction or hide
 * text becomes a visible mark. It looks at single characters and recognises no sequences, so none can be begun in one text and
 * ended in another, and cleaning twice changes nothing. Line feeds and tabs stay; a Windows line end becomes a line feed.
 */
export function sanitize(text: string): string {
  if (isPlain.test(text)) return text;
  return text
    .replace(/\r\n|[\u2028\u2029]/g, '\n')
    .replace(controls, picture)
    .replace(hiding(), (found) => (found.length > 2 ? found : '\uFFFD'))
    .replace(piled(), '\uFFFD');
}

/** As `clean`, on one line: line feeds and tabs become single spaces, and no letter is unseen. For titles, names and one-line errors. */
export function sanitizeLine(text: string): string {
  const line = sanitize(text).replace(/[\n\t]+/g, ' ');
  return isPlain.test(line) ? line : line.replace(unseen(), '\uFFFD');
}

/** The part of a text that is still growing which cleans to the same whatever comes next. */
export const untilOpenEnd = (text: string): string => text.replace(openEnd, '');

/** Cleans a text that comes in pieces: what comes out is as if it had come in one, wherever it was cut. It keeps but a few characters. */
export class Sanitizer {
  /** The end of what has been cleaned, on which it depends how the rest is. */
  #before = '';
  /** What has not been cleaned, because the next piece may be its other half. */
  #open = '';

  /** @returns what can be shown by now */
  more(piece: string): string {
    const text = this.#open + piece;
    const settled = untilOpenEnd(text);
    this.#open = text.slice(settled.length);
    return this.#cleaned(settled);
  }

  /** Nothing more comes. @returns what was kept back */
  end(): string {
    const open = this.#open;
    this.#open = '';
    return this.#cleaned(open);
  }

  #cleaned(text: string): string {
    const whole = this.#before + text;
    const seen = sanitize(this.#before).length;
    this.#before = whole.slice(-2 * (mostPiled + 1));
    return sanitize(whole).slice(seen);
  }
}

/** What is nothing but printable ASCII, in lines. */
const isPlain = /^[\n\t -~]*$/;

const controls = /[\u0000-\u0008\u000B-\u001F\u007F]/g;

/** Unicode has a picture for each control character: U+241B shows ESC. */
const picture = (control: string): string =>
  control === '\u007F' ? '\u2421' : String.fromCharCode(0x2400 + control.charCodeAt(0));

/**
 * C1 controls, bidirectional and other format controls, tag characters and what else is of no use there, the signs that
 * ui/joint.ts puts between rows, halves of surrogate pairs. The flags of England, Scotland and Wales are written with tag
 * characters.
 */
const hiding = lazily(
  () =>
    /\u{1F3F4}\u{E0067}\u{E0062}(?:\u{E0065}\u{E006E}\u{E0067}|\u{E0073}\u{E0063}\u{E0074}|\u{E0077}\u{E006C}\u{E0073})\u{E007F}|[\u0080-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u206F\uFFF9-\uFFFB\u{1D173}-\u{1D17A}\u{E0000}-\u{E00FF}\u{E01F0}-\u{E0FFF}\u{10FFFC}\u{10FFFD}\p{Surrogate}]/gu,
);

/** No writing has as many accents and joiners on one letter. They would cover the lines around, or carry a text that nobody sees. */
const mostPiled = 12;
const piling = String.raw`[\p{M}\u00AD\u200B-\u200D\u2060-\u2065\uFEFF]`;
const piled = lazily(() => new RegExp(`${piling}(?<=${piling}{${mostPiled + 1}})`, 'gu'));

/** The first half of a line end, of a surrogate pair, or of a flag. */
const openEnd = /(?:\r|\u{1F3F4}[\u{E0061}-\u{E007A}]{0,5}\uDB40?|[\uD800-\uDBFF])$/u;

/**
 * What makes a name look like another one: spaces and fillers without width, joiners and selectors where nothing is joined and
 * nothing selected. After letters of most other scripts and after emoji they have a meaning.
 */
const unseen = lazily(
  () =>
    /[\u00AD\u115F\u1160\u17B4\u17B5\u180E\u200B\u2060-\u2065\u3164\uFEFF\uFFA0]|(?<=^|[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{sc=Hangul}\p{Z}\p{Cf}])[\u034F\p{Join_Control}\p{Variation_Selector}]|(?<=\p{Nd})\p{Join_Control}/gu,
);

/** V8 takes a while to read what Unicode says of characters, and most texts are plain. */
function lazily(make: () => RegExp): () => RegExp {
  let made: RegExp | undefined;
  return () => (made ??= make());
}

/**
 * Makes text from outside safe for a terminal: whatever could start a control sequence, turn the writing direction or hide
 * text becomes a visible mark. It looks at single characters and recognises no sequences, so it does not matter where a text
 * was cut in pieces, and cleaning twice changes nothing. Line feeds and tabs stay; a Windows line end becomes a line feed.
 */
export function clean(text: string): string {
  return text
    .replace(/\r\n|[\u2028\u2029]/g, '\n')
    .replace(controls, picture)
    .replace(hiding, '\uFFFD');
}

/** As `clean`, on one line: line feeds and tabs become single spaces. For titles, names and one-line errors. */
export function cleanLine(text: string): string {
  return clean(text).replace(/[\n\t]+/g, ' ');
}

const controls = /[\u0000-\u0008\u000B-\u001F\u007F]/g;

/** Unicode has a picture for each control character: U+241B shows ESC. */
const picture = (control: string): string =>
  control === '\u007F' ? '\u2421' : String.fromCharCode(0x2400 + control.charCodeAt(0));

/** C1 controls, bidirectional and other format controls, tag characters, halves of surrogate pairs. */
const hiding =
  /[\u0080-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u206F\uFFF9-\uFFFB\u{1D173}-\u{1D17A}\u{E0000}-\u{E007F}\p{Surrogate}]/gu;

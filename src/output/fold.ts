/** Breaks a line between words so that none of its parts is longer than so many characters; further parts are indented. */
export function foldLine(line: string, columns: number, indent = ''): string[] {
  const lines: string[] = [];
  let at = '';
  for (const word of line.split(/(?<=\S)(?= )/)) {
    if (lines.length + at.length > 0 && (at + word).length > columns) {
      lines.push(at);
      at = indent + word.trimStart();
    } else {
      at += word;
    }
  }
  return [...lines, at];
}

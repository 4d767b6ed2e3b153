import xterm, {type IBufferCell, type IBufferLine, type Terminal} from '@xterm/headless';

/**
 * The lines of the scrollback and the screen, without empty lines at the end. A line that the terminal wrapped is joined. The rows
 * at the bottom of a chat fill the width as well, but end in spaces, and are not joined.
 */
export const linesOf = (screen: Terminal): string[] => joined(screen, (_row, text) => text);

/**
 * What a terminal shows in the end of what was written to it. A live reply is drawn in steps that depend on when its text arrives,
 * so its bytes cannot be compared.
 */
export async function finalScreen(written: string, cols = 100): Promise<string> {
  const screen = new xterm.Terminal({cols, rows: 40, scrollback: 10_000, convertEol: true, allowProposedApi: true});
  await new Promise<void>((resolve) => screen.write(written, resolve));
  return linesOf(screen).join('\n') + '\n';
}

/** These lines with their styles: text with other styles than the default ones is marked with their numbers, `<1;36 like this>`. */
export const styledLinesOf = (screen: Terminal): string[] => joined(screen, marked);

function joined(screen: Terminal, show: (row: IBufferLine, text: string) => string): string[] {
  const {active} = screen.buffer;
  const lines: string[] = [];
  let before = '';
  for (let at = 0; at < active.length; at++) {
    const row = active.getLine(at);
    if (!row) continue;
    const text = show(row, row.translateToString(true).replace(/ {2,}$/, ''));
    if (row.isWrapped && !before.endsWith('  ')) lines[lines.length - 1] += text;
    else lines.push(text);
    before = row.translateToString();
  }
  return lines.join('\n').trimEnd().split('\n');
}

/** Blanks between words of one style belong to them. Others have none: theirs is not visible, and depends on what was there before. */
function marked(row: IBufferLine, text: string): string {
  const cells = cellsOf(row, text);
  let shown = '';
  let current = '';
  for (const [index, {chars, style}] of cells.entries()) {
    const following = cells.slice(index).find((cell) => cell.style !== undefined)?.style ?? '';
    const next = style ?? (following === current ? current : '');
    if (next !== current) shown += `${current && '>'}${next && `<${next} `}`;
    shown += chars;
    current = next;
  }
  return shown + (current && '>');
}

/** The characters of a row, and the style of each that is visible. */
function cellsOf(row: IBufferLine, text: string): {chars: string; style: string | undefined}[] {
  const cells = Array.from({length: row.length}, (_, at) => row.getCell(at)).filter((cell) => cell?.getWidth() !== 0);
  let left = text.length;
  return cells.flatMap((cell) => {
    const chars = cell?.getChars() || ' ';
    if (!cell || left <= 0) return [];
    left -= chars.length;
    return [{chars, style: chars === ' ' && !isVisibleInBlanks(cell) ? undefined : styleOf(cell)}];
  });
}

const isVisibleInBlanks = (cell: IBufferCell): boolean =>
  !cell.isBgDefault() || [cell.isUnderline(), cell.isInverse(), cell.isStrikethrough()].some((is) => is !== 0);

/** The numbers of the styles of a cell, separated by `;`. */
function styleOf(cell: IBufferCell): string {
  const flags = [
    cell.isBold(),
    cell.isDim(),
    cell.isItalic(),
    cell.isUnderline(),
    0,
    0,
    cell.isInverse(),
    cell.isInvisible(),
    cell.isStrikethrough(),
  ];
  const codes = flags.flatMap((flag, index) => (flag === 0 ? [] : [String(index + 1)]));
  if (!cell.isFgDefault()) codes.push(colorCode(cell.getFgColor(), cell.isFgRGB(), 30));
  if (!cell.isBgDefault()) codes.push(colorCode(cell.getBgColor(), cell.isBgRGB(), 40));
  return codes.join(';');
}

/** @param first the number of the first color: 30 for text, 40 for its background */
function colorCode(color: number, isRgb: boolean, first: number): string {
  if (isRgb) return [first + 8, 2, color >> 16, (color >> 8) & 255, color & 255].join(';');
  if (color < 8) return String(first + color);
  return color < 16 ? String(first + 52 + color) : [first + 8, 5, color].join(';');
}

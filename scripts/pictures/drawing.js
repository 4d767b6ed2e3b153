/*
 * Draws the cells of a terminal as SVG.
 */

export const cell = {width: 8.4, height: 19};

/**
 * @typedef {import('@xterm/headless').IBufferLine} Line
 * @typedef {import('@xterm/headless').IBufferCell} Cell
 * @typedef {{text: string, column: number, columns: number, style: string, background: string}} Span cells with the same style
 */

/**
 * The elements of a line, at its own upper left corner.
 * @param {Line | undefined} line
 * @param {number} cols
 */
export function drawLine(line, cols) {
  return spansOf(line, cols).map(drawSpan).join('');
}

/** @param {Span} span */
function drawSpan({text, column, columns, style, background}) {
  const [x, width] = [round(column * cell.width), round(columns * cell.width)];
  const back =
    background === '' ? '' : `<rect class="${background}" x="${x}" width="${width}" height="${cell.height}"/>`;
  const lines = boxes(text, column);
  if (lines !== '') return `${back}<path class="line ${style}" d="${lines}"/>`;
  const start = text.length - text.trimStart().length;
  const shown = text.trim();
  if (shown === '') return back;
  const length = round((columns - (text.length - shown.length)) * cell.width);
  const kind = style === '' ? '' : ` class="${style}"`;
  return `${back}<text x="${round(x + start * cell.width)}" y="14"${kind} textLength="${length}">${escapeXml(shown)}</text>`;
}

/**
 * Splits a line into spans. Lines of boxes are spans of their own.
 * @param {Line | undefined} line
 * @param {number} cols
 */
function spansOf(line, cols) {
  /** @type {(Span & {isBox: boolean})[]} */
  const spans = [];
  for (let column = 0; column < cols; column++) {
    const at = line?.getCell(column);
    if (!at || at.getWidth() === 0) continue;
    const text = at.getChars() || ' ';
    const {style, background} = styleOf(at);
    const isBox = text in boxParts;
    const last = spans.at(-1);
    if (last?.style === style && last.background === background && last.isBox === isBox) {
      last.text += text;
      last.columns += at.getWidth();
    } else spans.push({text, column, columns: at.getWidth(), style, background, isBox});
  }
  return spans;
}

const colors = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

/** The classes of a cell and of what is behind it. @param {Cell} at */
function styleOf(at) {
  const foreground = colorOf(at.isFgPalette(), at.getFgColor());
  const behind = colorOf(at.isBgPalette(), at.getBgColor());
  const isInverse = at.isInverse() !== 0;
  const style = [
    isInverse ? 'inverse' : foreground,
    at.isBold() && 'bold',
    at.isDim() && 'dim',
    at.isItalic() && 'italic',
    at.isUnderline() && 'under',
  ];
  const background = isInverse ? `${foreground || 'text'} back` : behind && `${behind} back`;
  return {style: style.filter(Boolean).join(' '), background};
}

/** @param {boolean} isPalette @param {number} color */
const colorOf = (isPalette, color) => (isPalette ? (colors[color % 8] ?? '') : '');

/** Which of left, right, up and down a character connects; small letters for round corners. @type {Record<string, string>} */
const boxParts = {
  '─': 'LR', '│': 'UD', '┌': 'RD', '┐': 'LD', '└': 'RU', '┘': 'LU', '├': 'URD', '┤': 'ULD', '┬': 'LRD', '┴': 'LRU', '┼': 'LRUD',
  '╭': 'rd', '╮': 'ld', '╰': 'ru', '╯': 'lu', '╶': 'R', '╴': 'L', '╵': 'U', '╷': 'D',
}; // prettier-ignore

/** The path of characters that draw boxes, which fonts do not connect; '' if there are none. @param {string} text @param {number} column */
function boxes(text, column) {
  const [half, middle] = [cell.width / 2, cell.height / 2];
  return Array.from(text, (character, index) => {
    const parts = boxParts[character] ?? '';
    const [left, x] = [(column + index) * cell.width, (column + index + 0.5) * cell.width];
    const ends = {
      L: [left, middle],
      R: [left + cell.width, middle],
      U: [x, 0],
      D: [x, cell.height],
    };
    if (/[a-z]/.test(parts)) {
      const [from, to] = Array.from(parts.toUpperCase(), (part) => ends[/** @type {'L'} */ (part)].map(round));
      return `M${from?.join(' ')}Q${round(x)} ${middle} ${to?.join(' ')}`;
    }
    if (character === '─') return `M${round(left)} ${middle}h${round(2 * half)}`;
    return Array.from(
      parts,
      (part) => `M${round(x)} ${middle}L${ends[/** @type {'L'} */ (part)].map(round).join(' ')}`,
    ).join('');
  })
    .join('')
    .replaceAll(/(M[\d.]+ [\d.]+)h([\d.]+)((?:M[\d.]+ [\d.]+h\2)+)/g, (_all, start, width, more) => {
      // One line for a whole row of them.
      const count = more.split('M').length;
      return `${start}h${round(Number(width) * count)}`;
    });
}

/** @param {number} number */
export const round = (number) => Math.round(number * 10) / 10;
/** @param {string} text */
const escapeXml = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

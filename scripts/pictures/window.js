import {cell, round} from './drawing.js';

/* The window of a terminal as SVG. */

const base = `
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace; white-space: pre }
.line { fill: none; stroke-width: 1.2 } .bold { font-weight: 700 } .italic { font-style: italic } .under { text-decoration: underline }
`;

/** Colors by name, for both themes. @type {Record<'dark' | 'light', Record<string, string>>} */
const palettes = {
  light: {
    window: '#ffffff', edge: '#d0d7de', button: '#d0d7de', text: '#24292f', dim: '#6e7781',
    red: '#cf222e', green: '#116329', yellow: '#7d4e00', blue: '#0550ae', magenta: '#8250df', cyan: '#0e6f7c', black: '#24292f', white: '#6e7781',
  }, // prettier-ignore
  dark: {
    window: '#0d1117', edge: '#30363d', button: '#484f58', text: '#e6edf3', dim: '#8b949e',
    red: '#ff7b72', green: '#7ee787', yellow: '#e3b341', blue: '#79c0ff', magenta: '#d2a8ff', cyan: '#76e3ea', black: '#484f58', white: '#e6edf3',
  }, // prettier-ignore
};

/** @param {'dark' | 'light'} theme */
function colorsOf(theme) {
  const {window, edge, button, text, ...colors} = palettes[theme];
  const rules = Object.entries(colors).map(
    ([name, color]) => `.${name} { fill: ${color} } .line.${name} { fill: none; stroke: ${color} }`,
  );
  return `text, .caret { fill: ${text} } .line { stroke: ${text} } circle { fill: ${button} } .window { fill: ${window}; stroke: ${edge} }
${rules.join('\n')}
text.inverse { fill: ${window} } .back.text { fill: ${text} }`;
}

/** @param {'dark' | 'light' | 'both'} theme */
const styles = (theme) =>
  theme === 'both'
    ? `${base}${colorsOf('light')}\n@media (prefers-color-scheme: dark) {\n${colorsOf('dark')}\n}`
    : base + colorsOf(theme);

const margin = 18;
const bar = 30;

/**
 * A window around the cells of a terminal.
 * @param {string} content drawn from the upper left corner of the first cell
 * @param {object} options
 * @param {number} options.cols
 * @param {number} options.rows
 * @param {string} options.label what the picture shows
 * @param {'dark' | 'light' | 'both'} options.theme
 */
export function drawWindow(content, {cols, rows, label, theme}) {
  const width = Math.round(cols * cell.width + 2 * margin);
  const height = Math.round(rows * cell.height + 2 * margin + bar);
  const buttons = [0, 1, 2].map((index) => `<circle cx="${20 + index * 18}" cy="20" r="5"/>`).join('');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" xml:space="preserve" role="img" aria-label="${label}">`,
    `<style>${styles(theme)}</style>`,
    `<rect class="window" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>`,
    buttons,
    `<svg x="${margin}" y="${margin + bar}" width="${round(cols * cell.width)}" height="${rows * cell.height}">`,
    content,
    '</svg>',
    '</svg>',
    '',
  ].join('\n');
}

/** @param {number} line @param {number} column */
export const drawCaret = (line, column) =>
  `<rect class="caret" x="${round(column * cell.width)}" y="${line * cell.height + 1}" width="2" height="16"/>`;

/** @param {import('./chat-recording.js').ShownImage} image @param {string} [animation] */
export const drawImage = ({data, line, column, columns, rows}, animation = '') =>
  `<image x="${round(column * cell.width)}" y="${line * cell.height}" width="${round(columns * cell.width)}" height="${rows * cell.height}" preserveAspectRatio="none" href="data:image/png;base64,${data}">${animation}</image>`;

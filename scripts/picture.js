import {spawn} from '@lydell/node-pty';
import xterm from '@xterm/headless';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';

/*
 * npm run picture: runs a chat with a bot of the sandbox on a terminal, and draws the screen as docs/chat.svg for the
 * README, or as the file given as an argument.
 */

const [cols, rows] = [84, 34];
const question = 'How long does tea take, and can you write me a timer?';
const draft = 'And for oolong?';

const css = `
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace; fill: #24292f; white-space: pre }
circle { fill: #d0d7de } .window { fill: #ffffff; stroke: #d0d7de } .caret { fill: #24292f }
.bold { font-weight: 700 } .dim { fill: #6e7781 } .italic { font-style: italic } .under { text-decoration: underline }
.red { fill: #cf222e } .green { fill: #116329 } .yellow { fill: #7d4e00 } .blue { fill: #0550ae } .magenta { fill: #8250df } .cyan { fill: #0e6f7c }
@media (prefers-color-scheme: dark) {
text, .caret { fill: #e6edf3 } circle { fill: #484f58 } .window { fill: #0d1117; stroke: #30363d } .dim { fill: #8b949e }
.red { fill: #ff7b72 } .green { fill: #7ee787 } .yellow { fill: #e3b341 } .blue { fill: #79c0ff } .magenta { fill: #d2a8ff } .cyan { fill: #76e3ea }
}
`;

/**
 * Runs a chat.
 * @param {[screen: RegExp, keys: string][]} steps keys to type once the screen matches
 * @returns {Promise<import('@xterm/headless').Terminal>} the terminal after the last step
 */
async function runChat(steps) {
  const home = mkdtempSync(join(tmpdir(), 'poe-picture-'));
  const terminal = new xterm.Terminal({cols, rows, allowProposedApi: true});
  const child = spawn(process.execPath, ['bin/poe.js', '--sandbox', '-q', 'chat', '-b', 'Sandbox-Sample'], {
    cols,
    rows,
    env: {PATH: process.env.PATH, HOME: home, POE_CONFIG_DIR: home, TERM: 'xterm-256color'},
  });
  try {
    const remaining = [...steps];
    await new Promise((resolve, reject) => {
      child.onExit(() => reject(new Error(`The chat exited early: ${linesOf(terminal).join('\n')}`)));
      child.onData((data) =>
        terminal.write(data, () => {
          if (remaining[0]?.[0].test(linesOf(terminal).join('\n'))) child.write(remaining.shift()[1]);
          if (remaining.length === 0) resolve(undefined);
        }),
      );
    });
    return terminal;
  } finally {
    child.kill();
    rmSync(home, {recursive: true, force: true});
  }
}

/** @param {import('@xterm/headless').Terminal} terminal */
function linesOf({buffer: {active}}) {
  return Array.from({length: active.length}, (_, row) => active.getLine(row)?.translateToString(true) ?? '');
}

/** @param {import('@xterm/headless').Terminal} terminal */
function svgOf(terminal) {
  const {active} = terminal.buffer;
  const last = linesOf(terminal).findLastIndex((line) => line !== '');
  const [cellWidth, lineHeight, margin, bar] = [8.4, 19, 18, 30];
  const width = Math.round(cols * cellWidth + 2 * margin);
  const height = Math.round((last + 1) * lineHeight + 2 * margin + bar);
  const top = (row) => margin + bar + row * lineHeight;
  const left = (column) => round(margin + column * cellWidth);
  const texts = Array.from({length: last + 1}, (_, row) =>
    spansOf(active.getLine(row)).map(
      ({text, column, style}) =>
        `<text x="${left(column)}" y="${top(row) + 14}"${style && ` class="${style}"`} textLength="${round(text.length * cellWidth)}">${escapeXml(text)}</text>`,
    ),
  );
  const caret = `<rect class="caret" x="${left(active.cursorX)}" y="${top(active.baseY + active.cursorY) + 1}" width="2" height="16"/>`;
  const dots = [0, 1, 2].map((index) => `<circle cx="${20 + index * 18}" cy="20" r="5"/>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" xml:space="preserve" role="img" aria-label="A chat in a terminal">`,
    `<style>${css}</style>`,
    `<rect class="window" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>`,
    ...dots,
    ...texts.flat(),
    caret,
    '</svg>',
    '',
  ].join('\n');
}

/** Splits a line into runs of equal style, without leading and trailing blanks. */
function spansOf(line) {
  const spans = [];
  for (let column = 0; column < cols; column += 1) {
    const cell = line?.getCell(column);
    const style = cell ? styleOf(cell) : '';
    const last = spans.at(-1);
    if (last?.style === style) last.text += cell?.getChars() || ' ';
    else spans.push({text: cell?.getChars() || ' ', column, style});
  }
  return spans
    .map(({text, column, style}) => ({text: text.trim(), column: column + text.search(/\S|$/), style}))
    .filter(({text}) => text !== '');
}

const colors = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

function styleOf(cell) {
  const color = cell.isFgPalette() ? colors[cell.getFgColor() % 8] : '';
  return [
    color,
    cell.isBold() && 'bold',
    cell.isDim() && 'dim',
    cell.isItalic() && 'italic',
    cell.isUnderline() && 'under',
  ]
    .filter(Boolean)
    .join(' ');
}

const round = (number) => Math.round(number * 10) / 10;
const escapeXml = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const screen = await runChat([
  [/ · new chat/, question],
  [/timer\?/, '\r'],
  [/last: /, draft],
  [/oolong\?/, ''],
]);
writeFileSync(process.argv[2] ?? new URL('../docs/chat.svg', import.meta.url), svgOf(screen));

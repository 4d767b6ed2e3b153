import {recordChat} from './chat-recording.js';
import {cell, drawLine, round} from './drawing.js';
import {drawImage, drawWindow} from './window.js';

/** How often the screen is recorded, in milliseconds. */
const frameMs = 80;
/** How long the last frame stays. */
const endMs = 2500;

/**
 * Records a chat and draws it as a moving picture, which starts again at its end.
 * @param {import('./scenes.js').Scene & {cols: number}} scene
 */
export async function animate({label, args, cols, rows, steps}) {
  const recording = new Recording(rows, cols);
  const {images} = await recordChat({
    args,
    cols,
    rows,
    theme: 'dark',
    steps,
    onChange: (terminal, at) => recording.record(terminal, at),
  });
  const content = recording.draw(images);
  return {svg: drawWindow(content, {cols, rows, label, theme: 'both'}), seconds: recording.totalMs / 1000};
}

/**
 * @typedef {{drawn: string, from: number, to: number}} Shown what a line showed, and when
 */

/** What each line of the scrollback and the screen showed, and how the screen moved over them. */
class Recording {
  #rows;
  #cols;
  /** By line. @type {Shown[][]} */
  #lines = [];
  /** The first line of the screen. @type {{top: number, from: number}[]} */
  #tops = [];
  /** @type {Shown[]} */
  #carets = [];
  #startMs = 0;
  #lastMs = -Infinity;

  /** @param {number} rows @param {number} cols */
  constructor(rows, cols) {
    this.#rows = rows;
    this.#cols = cols;
  }

  get totalMs() {
    return this.#lastMs + endMs;
  }

  /** @param {import('@xterm/headless').Terminal} terminal @param {number} at */
  record(terminal, at) {
    const {active} = terminal.buffer;
    // It starts with the first frame.
    if (this.#lastMs === -Infinity) this.#startMs = at;
    const now = at - this.#startMs;
    // Frames that follow one another faster are one frame.
    const frame = now - this.#lastMs < frameMs ? this.#lastMs : now;
    this.#lastMs = frame;
    for (let line = active.baseY; line < active.baseY + this.#rows; line++)
      show((this.#lines[line] ??= []), drawLine(active.getLine(line), this.#cols), frame);
    const caret = `<use href="#caret" x="${round(active.cursorX * cell.width)}" y="${(active.baseY + active.cursorY) * cell.height}"/>`;
    show(this.#carets, caret, frame);
    if (this.#tops.at(-1)?.from === frame) this.#tops.pop();
    if (this.#tops.at(-1)?.top !== active.baseY) this.#tops.push({top: active.baseY, from: frame});
  }

  /** @param {import('./chat-recording.js').ShownImage[]} images */
  draw(images) {
    const lines = this.#lines.map((shown, line) => {
      const parts = shown
        .map((each) => (each.drawn === '' ? '' : `<g>${each.drawn}${this.#visible(each)}</g>`))
        .join('');
      return parts === '' ? '' : `<g transform="translate(0 ${line * cell.height})">${parts}</g>`;
    });
    const pictures = images.map((image) =>
      drawImage(image, this.#visible({drawn: '', from: image.at - this.#startMs, to: Infinity})),
    );
    const carets = this.#carets.map((each) => `<g>${each.drawn}${this.#visible(each)}</g>`);
    return [
      `<defs><rect id="caret" class="caret" y="1" width="2" height="16"/></defs>`,
      '<g>',
      this.#scrolling(),
      ...[...lines, ...pictures, ...carets].filter(Boolean),
      '</g>',
    ].join('\n');
  }

  /** Shows an element during a part of the time. @param {Shown} part */
  #visible({from, to}) {
    const [start, end] = [this.#share(from), this.#share(to)];
    if (start === 0 && end >= 1) return '';
    const values =
      start === 0 ? ['visible', 'hidden'] : end >= 1 ? ['hidden', 'visible'] : ['hidden', 'visible', 'hidden'];
    const times = start === 0 ? [0, end] : end >= 1 ? [0, start] : [0, start, end];
    return this.#animation('animate', 'attributeName="visibility"', values, times);
  }

  #scrolling() {
    const tops = this.#tops.map(({top}) => `0 ${-top * cell.height}`);
    const times = this.#tops.map(({from}) => this.#share(from));
    if (tops.length < 2) return '';
    return this.#animation('animateTransform', 'attributeName="transform" type="translate"', tops, times);
  }

  /** @param {string} element @param {string} what @param {string[]} values @param {number[]} times */
  #animation(element, what, values, times) {
    const seconds = round(this.totalMs / 1000);
    return `<${element} ${what} values="${values.join(';')}" keyTimes="${times.join(';')}" calcMode="discrete" dur="${seconds}s" repeatCount="indefinite"/>`;
  }

  /** A time as a share of the whole. @param {number} ms */
  #share(ms) {
    return Math.min(1, Math.round((Math.max(0, ms) / this.totalMs) * 10_000) / 10_000);
  }
}

/**
 * Adds what is shown from now on.
 * @param {Shown[]} parts
 * @param {string} drawn
 * @param {number} now
 */
function show(parts, drawn, now) {
  const last = parts.at(-1);
  if (last?.drawn === drawn) return;
  if (last?.from === now) parts.pop();
  else if (last) last.to = now;
  const before = parts.at(-1);
  if (before?.drawn === drawn) before.to = Infinity;
  else parts.push({drawn, from: now, to: Infinity});
}

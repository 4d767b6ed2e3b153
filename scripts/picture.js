import {mkdirSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import process from 'node:process';
import {animate} from './pictures/animation.js';
import {recordChat} from './pictures/chat-recording.js';
import {drawLine, cell} from './pictures/drawing.js';
import {movingScene, scenes} from './pictures/scenes.js';
import {drawCaret, drawImage, drawWindow} from './pictures/window.js';

/*
 * npm run picture [scene...] [-- --to folder]: runs chats with bots of the sandbox on a terminal, and draws each as
 * docs/pictures/<scene>-dark.svg and -light.svg. `animation` draws the moving picture.
 */

const cols = 84;

/**
 * @param {string} name
 * @param {'dark' | 'light'} theme
 */
async function draw(name, theme) {
  const scene = scenes[name];
  if (!scene) throw new Error(`There is no scene ${name}. Scenes: ${Object.keys(scenes).join(', ')}`);
  const {label, args, rows, steps} = scene;
  const {terminal, images} = await recordChat({args, cols, rows, theme, steps});
  const {active} = terminal.buffer;
  const lines = Array.from({length: active.length}, (_, row) => drawLine(active.getLine(row), cols));
  const count =
    Math.max(
      lines.findLastIndex((line) => line !== ''),
      ...images.map(({line, rows}) => line + rows),
    ) + 1;
  const content = [
    ...lines
      .slice(0, count)
      .map((line, row) => (line === '' ? '' : `<g transform="translate(0 ${row * cell.height})">${line}</g>`)),
    ...images.map((image) => drawImage(image)),
    drawCaret(active.baseY + active.cursorY, active.cursorX),
  ];
  return drawWindow(content.filter(Boolean).join('\n'), {cols, rows: count, label, theme});
}

const args = process.argv.slice(2);
const to = args.indexOf('--to');
const folder = to === -1 ? resolve(import.meta.dirname, '../docs/pictures') : resolve(args.splice(to, 2)[1] ?? '.');
mkdirSync(folder, {recursive: true});
for (const name of args.length > 0 ? args : [...Object.keys(scenes), 'animation']) {
  if (name === 'animation') {
    const {svg, seconds} = await animate(movingScene);
    writeFileSync(join(folder, 'animation.svg'), svg);
    process.stdout.write(`The animation takes ${seconds.toFixed(1)} seconds.\n`);
    continue;
  }
  for (const theme of /** @type {const} */ (['dark', 'light'])) {
    writeFileSync(join(folder, `${name}-${theme}.svg`), await draw(name, theme));
  }
}

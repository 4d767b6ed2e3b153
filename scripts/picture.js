import {mkdirSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import process from 'node:process';
import {animate} from './pictures/animation.js';
import {recordChat, recordCommand} from './pictures/chat-recording.js';
import {drawLine, cell} from './pictures/drawing.js';
import {movingScene, scenes, shellScenes} from './pictures/scenes.js';
import {drawCaret, drawImage, drawWindow} from './pictures/window.js';

/*
 * npm run picture [scene...] [-- --to folder]: runs chats with bots of the sandbox on a terminal, and draws each as
 * docs/pictures/<scene>-dark.svg and -light.svg. `animation` draws the moving picture.
 */

const chatCols = 84;

/**
 * @param {string} name
 * @param {'dark' | 'light'} theme
 */
async function draw(name, theme) {
  const {label, cols, terminal, images} = await record(name, theme);
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

/**
 * @param {string} name
 * @param {'dark' | 'light'} theme
 */
async function record(name, theme) {
  const [scene, shellScene] = [scenes[name], shellScenes[name]];
  if (shellScene) return {...shellScene, ...(await recordCommand({...shellScene, theme}))};
  if (!scene) throw new Error(`There is no scene ${name}. Scenes: ${names.join(', ')}`);
  const {label, args, rows, steps} = scene;
  return {label, cols: chatCols, ...(await recordChat({args, cols: chatCols, rows, theme, steps}))};
}

const names = [...Object.keys(scenes), ...Object.keys(shellScenes)];
const args = process.argv.slice(2);
const to = args.indexOf('--to');
const folder = to === -1 ? resolve(import.meta.dirname, '../docs/pictures') : resolve(args.splice(to, 2)[1] ?? '.');
mkdirSync(folder, {recursive: true});
for (const name of args.length > 0 ? args : [...names, 'animation']) {
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

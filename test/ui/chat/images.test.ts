import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {temporaryFolder} from '../../support/harness.js';
import {answerOf, jpegFile, kittyImages, query} from '../../support/terminal/images.js';
import {onTerminal, statusBar, type When} from '../../support/terminal/pseudo-terminal.js';
import {expectRestored} from '../../support/terminal/restored.js';

const chat = 'node bin/poe.js chat -q -b Sandbox-Image';
const picture = '/base/image/sandbox-picture.png';
const caption = 'picture.png · 640 × 400 pixels';
const graphics = /\u001b_Ga=|\u001b\]1337|\u001bP0;1;q/;

const draw: When[number] = [/new chat/, ({type}) => type('draw\r')];
const leave: When[number] = [/Save with[^]*last: 2 · /, ({type}) => type('\u0004')];

test('the chat shows the image of a reply in rows of its own, above the prompt', async () => {
  const {bytes, lines} = await onTerminal(chat, {answers: [[query, answerOf.kitty]], when: [draw, leave]});
  expect(kittyImages(bytes)).toEqual([{columns: 58, rows: 18, width: 580, height: 360}]);
  const at = lines.indexOf(caption);
  expect(lines.slice(at - 19, at)).toEqual(Array.from({length: 19}, () => ''));
  expect(lines.filter((line) => line.startsWith('A picture ('))).toHaveLength(1);
  expect(lines.at(-1)).toBe('exit 0');
  expectRestored(bytes);
});

test('each image is below the paragraph that names it, also while the text goes on', async () => {
  const {bytes, lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    cols: 100,
    rows: 30,
    answers: [[query, answerOf.kitty]],
    when: [
      [
        /new chat/,
        ({sandbox, type}) => {
          const cdn = sandbox.url.replace('127.0.0.1', 'localhost');
          const url = (number: number) => `${cdn}/base/image/sandbox-picture-${number}.png`;
          const text = `First:\n\n![one](${url(1)})\n\nThen:\n\n- ![two](${url(2)})\n\n![elsewhere](https://example.com/x.png)\n\nThe end.`;
          type(`\u001b[200~${text}\u001b[201~\r`);
        },
      ],
      [/The end\.[^]*Save with[^]*last: 2/, ({type}) => type('\u0004')],
    ],
  });
  expect(kittyImages(bytes)).toHaveLength(2);
  const reply = lines.slice(lines.indexOf('Sandbox-Echo') + 1).filter((line) => line !== '');
  expect(reply.map((line) => line.replace(/ \(http.*|: http.*/, ''))).toEqual([
    'First:',
    'one',
    'sandbox-picture-1.png · 640 × 400 pixels',
    'Then:',
    '- two',
    'sandbox-picture-2.png · 640 × 400 pixels',
    'elsewhere',
    'The end.',
    '1. sandbox-picture-1.png',
    '2. sandbox-picture-2.png',
    '3. x.png',
    'Save with /save [number] [path]',
    'exit 0',
  ]);
  expect(lines.join('\n')).toMatch(/\n\nThen:\n\n- two [^]*pixels\n\nelsewhere [^\n]*\n\nThe end\.\n\n1\. /);
});

test('text does not wait long for a slow image, which is then shown at the end', async () => {
  const {bytes, lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    cols: 100,
    answers: [[query, answerOf.kitty]],
    when: [
      [
        /new chat/,
        ({sandbox, type}) => {
          sandbox.faults.respondOnce({path: picture}, 'silence');
          const url = `${sandbox.url.replace('127.0.0.1', 'localhost')}${picture}`;
          type(`\u001b[200~First:\n\n![one](${url})\n\nThe end.\u001b[201~\r`);
        },
      ],
      [/The end\.[^]*Save with[^]*last: 2/, ({type}) => type('\u0004')],
    ],
  });
  expect(kittyImages(bytes)).toHaveLength(1);
  expect(lines.join('\n')).toMatch(/one \([^\n]*\n\nThe end\.\n[^]*sandbox-picture\.png · 640 × 400 pixels\n\n1\. /);
});

test('an answer that is too late is not typed into the prompt, and the next image uses it', async () => {
  const {bytes, lines} = await onTerminal(chat, {
    answers: [
      [query, answerOf.kitty, 600],
      [query, answerOf.kitty],
    ],
    when: [
      draw,
      [/Save with[^]*last: 2 · /, ({type}) => setTimeout(() => type('again'), 700)],
      [/again/, ({type}) => type('\r')],
      [/Save with[^]*Save with[^]*last: 2 · /, ({type}) => type('\u0004')],
    ],
  });
  expect(lines.filter((line) => line.includes('again'))).toEqual(['> again']);
  expect(lines.filter((line) => line.startsWith('▀'))).toHaveLength(18);
  expect(kittyImages(bytes)).toHaveLength(1);
});

test('keys that are typed while the terminal is asked stay in the prompt', async () => {
  const {lines} = await onTerminal(chat, {
    answers: [[query, `dra${answerOf.none}ft`]],
    when: [draw, [/Save with[^]*> draft *\n/, ({type}) => type('\u0003\u0004')]],
  });
  expect(lines).toContain(caption);
  expect(lines.at(-1)).toBe('exit 0');
  expect(lines.join('\n')).not.toMatch(/62;c|\?1;2c/);
});

test('after a resize, the frame is below the image and nothing of it stays behind', async () => {
  const {lines} = await onTerminal(chat, {
    answers: [[query, answerOf.sixel]],
    when: [
      draw,
      [/Save with[^]*last: 2 · /, ({resize}) => resize(50, 15)],
      [new RegExp(`Save with[^]*\n> *${statusBar(50)}`), ({resize}) => resize(100, 40)],
      [new RegExp(`Save with[^]*\n> *${statusBar(100)}`), ({type}) => type('end')],
      [/> end/, ({type}) => type('\u0003\u0004')],
    ],
  });
  expect(lines.filter((line) => line === caption)).toHaveLength(1);
  expect(lines.filter((line) => line.startsWith('> '))).toEqual(['> draw']);
  expect(lines.filter((line) => line.includes('points left'))).toEqual([]);
});

test('Esc stops the download of an image and keeps the reply', async () => {
  const {lines} = await onTerminal(chat, {
    answers: [[query, answerOf.kitty]],
    env: (sandbox) => {
      sandbox.faults.respondOnce({path: picture}, 'silence');
      return Promise.resolve({});
    },
    when: [
      draw,
      [
        /A picture \(/,
        ({type, sandbox}) =>
          void expect
            .poll(() => sandbox.requests.some(({path}) => path.startsWith(picture)))
            .toBe(true)
            .then(() => type('\u001b')),
      ],
      leave,
    ],
  });
  expect(lines.join('\n')).not.toContain('cannot be shown');
  expect(lines.filter((line) => line.startsWith('A picture ('))).toHaveLength(1);
  expect(lines.at(-1)).toBe('exit 0');
});

test('an image that is sent is shown small below the message', async () => {
  const file = join(temporaryFolder(), 'cat.jpg');
  writeFileSync(file, jpegFile(400, 400));
  const {bytes} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Count', {
    answers: [[query, answerOf.kitty]],
    when: [
      [/new chat/, ({type}) => type(`count to 2 @${file} `)],
      [/cat\.jpg \d+ KB/, ({type}) => type('\r')],
      [/1 2[^]*last: /, ({type}) => type('\u0004')],
    ],
  });
  expect(kittyImages(bytes)).toEqual([{columns: 16, rows: 8, width: 160, height: 160}]);
});

test.each([
  ['--images off', `${chat} --images off`],
  ['a screen reader', `${chat} --screen-reader`],
])('with %s, no image is downloaded or drawn', async (_name, command) => {
  const {bytes, sandbox} = await onTerminal(command, {
    when: [
      [/connecting|new chat|>/, ({type}) => type('draw\r')],
      [/Save with/, ({type}) => type('\u0004')],
    ],
  });
  expect(bytes).not.toMatch(graphics);
  expect(bytes).not.toContain('▀');
  expect(sandbox.requests.filter(({path}) => path.startsWith(picture))).toEqual([]);
});

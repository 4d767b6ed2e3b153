import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {temporaryFolder} from '../../support/harness.js';
import {pictureHost} from '../../support/servers/picture-host.js';
import {answerOf, jpegFile, kittyImages, pngFile, query} from '../../support/terminal/images.js';
import {type At, onTerminal, type TerminalOptions} from '../../support/terminal/pseudo-terminal.js';

const send = 'node bin/poe.js send -q -b Sandbox-Image hello';
const picture = '/base/image/sandbox-picture.png';
const graphics = /\u001b_Ga=|\u001b\]1337|\u001bP0;1;q/;
const caption = 'picture.png · 640 × 400 pixels';

test('send shows the image of a reply by the kitty graphics protocol, in rows of its own', async () => {
  const {bytes, lines} = await onTerminal(send, {answers: [[query, answerOf.kitty]]});
  expect(kittyImages(bytes)).toEqual([{columns: 58, rows: 18, width: 580, height: 360}]);
  expect(lines[1]).toMatch(/^A picture \(http/);
  expect(lines.slice(2, 20)).toEqual(Array.from({length: 18}, () => ''));
  expect(lines.slice(20)).toEqual([caption, 'exit 0']);
});

test.each([
  ['iTerm2', answerOf.iterm2, /\u001b\]1337;File=size=\d+;width=58;height=18;/],
  ['a terminal with sixels', answerOf.sixel, /\u001bP0;1;q"1;1;576;360#0;2;/],
])('send shows the image in %s', async (_name, answer, expected) => {
  const {bytes, lines} = await onTerminal(send, {answers: [[query, answer]]});
  expect(bytes).toMatch(expected);
  expect(lines.slice(20)).toEqual([caption, 'exit 0']);
});

test.each([
  ['a terminal without images', [[query, answerOf.none]], {}],
  ['a terminal that does not answer', [], {}],
  ['a terminal with sixels whose cells have an unknown size', [[query, answerOf.sixelWithoutCellSize]], {}],
  ['GNU screen', [], {STY: '1.pts-0', TERM: 'screen-256color'}],
  ['a tmux on the machine of the user', [[query, answerOf.none]], {TERM: 'tmux-256color'}],
] satisfies [string, TerminalOptions['answers'], Record<string, string>][])(
  '%s shows half blocks and nothing else',
  async (_name, answers, env) => {
    const {bytes, lines} = await onTerminal(send, {answers, env});
    expect(bytes).not.toMatch(graphics);
    expect(lines[2]).toMatch(/^▀{57}$/);
    expect(lines.slice(20)).toEqual([caption, 'exit 0']);
  },
);

test.each([
  ['with NO_COLOR', {NO_COLOR: '1'}],
  ['on a CI machine', {CI: 'true'}],
  ['with 16 colors', {TERM: 'xterm'}],
])('%s, the image is a line with its URL', async (_name, env) => {
  const {bytes, lines} = await onTerminal(send, {env: {...env}});
  expect(bytes).not.toMatch(graphics);
  expect(lines.slice(1)).toEqual([expect.stringMatching(/^A picture \(http\S+\)$/), 'exit 0']);
});

test('NO_COLOR does not hide images that the terminal itself draws', async () => {
  const {bytes} = await onTerminal(send, {env: {NO_COLOR: '1'}, answers: [[query, answerOf.kitty]]});
  expect(kittyImages(bytes)).toHaveLength(1);
  expect(bytes).not.toMatch(/\u001b\[[\d;]+m/);
});

test('with --images off and in pipes, nothing is asked, downloaded or drawn', async () => {
  const file = join(temporaryFolder(), 'cat.jpg');
  writeFileSync(file, jpegFile(400, 400));
  const commands = [`${send} --images off`, `${send} | cat`, `${send} --json`, `${send} --stream-json`];
  const {sandbox, bytes} = await onTerminal(commands.map((command) => `${command} -f ${file}`).join('; '));
  expect(bytes).not.toMatch(/\u001b_G|▀/);
  expect(sandbox.requests.filter(({path}) => path.startsWith(picture))).toEqual([]);
});

test('history show shows the images of replies below the messages, but not after a pager', async () => {
  const history = 'node bin/poe.js history show -q last';
  const shown = await onTerminal(`${send} --images off; ${history}`, {answers: [[query, answerOf.kitty]]});
  expect(kittyImages(shown.bytes)).toHaveLength(1);
  expect(shown.lines.slice(-2)).toEqual([caption, 'exit 0']);
  const paged = await onTerminal(`${send} --images off; ${history}`, {rows: 8, env: {PAGER: 'cat > /dev/null'}});
  expect(paged.bytes).not.toContain(query);
});

test('the setting images turns images off', async () => {
  const {bytes, lines} = await onTerminal(`node bin/poe.js config set images off && ${send}`);
  expect(bytes).not.toMatch(/\u001b_G|▀/);
  expect(lines.at(-1)).toBe('exit 0');
});

test('a reply without images asks the terminal nothing', async () => {
  const {bytes} = await onTerminal('node bin/poe.js send -q -b Sandbox-Count "count to 2"');
  expect(bytes).not.toContain('\u001b[c');
  expect(bytes).not.toContain('\u001b_G');
});

test('an image on another server is not downloaded', async () => {
  const other = await pictureHost();
  const text = `![a](${other.url}/a.png) ![b](https://poecdn.net.example/b.png) ![c](http://127.0.0.1:1/c.png)`;
  const {lines} = await onTerminal(`node bin/poe.js send -q -b Sandbox-Echo '${text}'`, {
    answers: [[query, answerOf.kitty]],
    cols: 150,
  });
  expect(other.seen).toEqual([]);
  expect(lines.slice(1)).toEqual([expect.stringContaining('a.png'), 'exit 0']);
});

test('an answer that is too late does not appear at the prompt of the shell', async () => {
  const {lines, bytes} = await onTerminal(send, {answers: [[query, answerOf.kitty, 800]]});
  expect(bytes).not.toMatch(graphics);
  expect(lines.slice(20)).toEqual([caption, 'exit 0']);
});

test('Ctrl+C stops the download of an image', async () => {
  const {lines} = await onTerminal(send, {
    answers: [[query, answerOf.none]],
    env: (sandbox) => {
      sandbox.faults.respondOnce({path: picture}, 'silence');
      return Promise.resolve({});
    },
    when: [[/A picture/, (terminal) => void whenRequested(terminal, () => terminal.type('\u0003'))]],
  });
  expect(lines.slice(1)).toEqual([expect.stringMatching(/^A picture/), expect.stringContaining('exit 130')]);
});

test('Ctrl+C works while the terminal is asked', async () => {
  const {lines} = await onTerminal(send, {answers: [[query, '\u0003']]});
  expect(lines.at(-1)).toBe('exit 130');
});

test('in the background, poe does not read from the terminal', async () => {
  const {lines, bytes} = await onTerminal(`set -m; ${send} & wait`);
  expect(bytes).not.toContain('\u001b[c');
  expect(lines).toContain(caption);
  expect(lines.at(-1)).toBe('exit 0');
});

test.each([
  ['damaged', 200, pngFile(50, 50).subarray(0, 100), 'the image is damaged'],
  ['missing', 404, 'Not found', 'HTTP 404'],
  ['too large', 200, Buffer.alloc(20_000_001), 'it is larger than 20 MB'],
  ['a web page', 200, '<!doctype html>', 'it is not a PNG, JPEG, GIF or WebP image'],
])('an image that is %s is a line with the reason', async (_name, status, body, reason) => {
  const {lines} = await onTerminal(send, {
    env: (sandbox) => {
      sandbox.faults.respondOnce({path: picture}, {status, body});
      return Promise.resolve({});
    },
  });
  expect(lines.slice(2)).toEqual([`picture.png cannot be shown: ${reason}`, 'exit 0']);
});

test('an image that is sent is shown small above the reply', async () => {
  const file = join(temporaryFolder(), 'cat.jpg');
  writeFileSync(file, jpegFile(400, 400));
  const {bytes, lines} = await onTerminal(
    `node bin/poe.js send -q -b Sandbox-Count "count to 2" -f ${file} -f package.json`,
    {answers: [[query, answerOf.kitty]]},
  );
  expect(kittyImages(bytes)).toEqual([{columns: 16, rows: 8, width: 160, height: 160}]);
  expect(lines).toEqual(['before', ...Array.from({length: 8}, () => ''), '1 2', 'exit 0']);
});

/** Waits until the download of the image has started. */
async function whenRequested({sandbox}: At, act: () => void): Promise<void> {
  await expect.poll(() => sandbox.requests.some(({path}) => path.startsWith(picture))).toBe(true);
  act();
}

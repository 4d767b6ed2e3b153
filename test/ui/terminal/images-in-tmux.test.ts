import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {temporaryFolder} from '../../support/harness.js';
import {answerOf} from '../../support/terminal/images.js';
import {onTerminal, type TerminalOptions} from '../../support/terminal/pseudo-terminal.js';

/** What tmux asks its terminal when it starts. */
const nameQuery = '\u001b[>q';
const kittyName = '\u001bP>|kitty(0.38.1)\u001b\\';
const kittyQuery = '\u001b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\u001b\\';
const caption = 'picture.png · 640 × 400 pixels';

/** Runs poe in tmux, and then stores what the pane shows and its title. */
async function inTmux(passthrough: 'on' | 'off', answers: TerminalOptions['answers']) {
  const folder = temporaryFolder();
  const script = join(folder, 'script');
  writeFileSync(
    script,
    `tmux set -p allow-passthrough ${passthrough}
     node bin/poe.js send -q -b Sandbox-Image hello
     echo finished
     tmux capture-pane -p > ${folder}/pane; tmux display-message -p '#{pane_title}' > ${folder}/title`,
  );
  const tmux = `tmux -L ${folder.split('/').at(-1)} -f /dev/null new-session -n images 'bash ${script}'`;
  const {bytes, lines} = await onTerminal(`${tmux}; echo "title: $(cat ${folder}/title)"; cat ${folder}/pane`, {
    answers,
    env: {LANG: 'C.UTF-8'},
  });
  return {bytes, lines};
}

test('in tmux on kitty, an image is passed on if tmux may do that', async () => {
  const {bytes, lines} = await inTmux('on', [[nameQuery, kittyName]]);
  expect(bytes).toMatch(/\u001b_Ga=T,U=1,f=100,q=2,i=\d+,c=55,r=17,m=1;/);
  expect(bytes).not.toContain(kittyQuery);
  // tmux draws the characters that stand for the image.
  expect(bytes).toContain('\u{10EEEE}\u0305\u0305\u{10EEEE}');
  expect(bytes).toContain('\u{10EEEE}\u033D\u0305\u{10EEEE}');
  expect(lines).toContain(caption);
  expect(lines.find((line) => line.startsWith('title: '))).not.toMatch(/Gi=|Ga=/);
});

test('in tmux that passes nothing on, half blocks are shown and the title of the pane stays', async () => {
  const {bytes, lines} = await inTmux('off', [[nameQuery, kittyName]]);
  expect(bytes).not.toContain('\u001b_G');
  expect(lines.filter((line) => /^▀{54}/.test(line))).toHaveLength(17);
  expect(lines.find((line) => line.startsWith('title: '))).not.toMatch(/Gi=|Ga=/);
});

test.each([
  ['another terminal', [nameQuery, '\u001bP>|iTerm2 3.5.4\u001b\\']],
  ['a terminal without a name', [kittyQuery, '']],
] satisfies [string, [string, string]][])('in tmux on %s, half blocks are shown', async (_name, answer) => {
  const {bytes, lines} = await inTmux('on', [answer]);
  expect(bytes).not.toContain('\u001b_Ga=');
  expect(lines.filter((line) => /^▀{54}/.test(line))).toHaveLength(17);
  expect(lines.find((line) => line.startsWith('title: '))).not.toMatch(/Gi=|Ga=/);
});

test('in tmux on a terminal without a name, an answer to the query is enough', async () => {
  const {bytes, lines} = await inTmux('on', [[kittyQuery, `${answerOf.kitty.slice(0, 12)}\u001b[0n`]]);
  expect(bytes).toMatch(/\u001b_Ga=T,U=1,/);
  expect(lines).toContain(caption);
});

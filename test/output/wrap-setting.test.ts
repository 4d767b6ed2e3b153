import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {stripVTControlCharacters} from 'node:util';
import {expect, test} from 'vitest';
import {withSandbox} from '../support/harness.js';
import {runOnTerminal} from '../support/terminal/fake-terminal.js';
import {finalScreen} from '../support/terminal/screen-lines.js';

const words = Array.from({length: 40}, (_, index) => `word${index + 1}`);
const text = words.join(' ');

/** What `send` and `history show` print on a terminal, and `send` in a pipe. */
async function shown(settings: object) {
  const {sandbox, configDir, run} = await withSandbox();
  writeFileSync(join(configDir, 'settings.json'), JSON.stringify(settings));
  const env = {...sandbox.env, POE_CONFIG_DIR: configDir, NO_COLOR: '1', PAGER: 'cat'};
  const {out} = await runOnTerminal(['send', '-q', '-b', 'Sandbox-Echo', text], env);
  const history = await runOnTerminal(['history', 'show', 'last'], env);
  const piped = await run('send', '-q', '-b', 'Sandbox-Echo', text);
  return {sent: await finalScreen(out), history: history.out, piped: piped.out};
}

test('replies are wrapped at words on a terminal, and never in a pipe', async () => {
  const {sent, history, piped} = await shown({});
  for (const shown of [sent, history].map(stripVTControlCharacters)) {
    expect(shown).not.toContain(text);
    expect(shown.replaceAll('\n', ' ')).toContain(text);
    expect(Math.max(...shown.split('\n').map(({length}) => length))).toBeLessThanOrEqual(100);
  }
  expect(piped).toBe(`${text}\n`);
});

test('with the setting wrap "none", the terminal breaks the lines of replies', async () => {
  const {sent, history} = await shown({wrap: 'none'});
  expect(sent).toContain(`${text}\n`);
  expect(history).toContain(`${text}\n`);
});

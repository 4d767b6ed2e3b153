import {execFile} from 'node:child_process';
import {chmodSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {expect, test} from 'vitest';
import {completionCache} from '../support/setup/completion-cache.js';
import {temporaryFolder} from '../support/harness.js';
import {onTerminal} from '../support/terminal/pseudo-terminal.js';

/** A folder with `poe` and `poe-cli`, for the start of PATH. */
function programFolder(): string {
  const folder = temporaryFolder();
  for (const name of ['poe', 'poe-cli']) {
    writeFileSync(join(folder, name), `#!/bin/sh\nexec "${process.execPath}" "${resolve('bin/poe.js')}" "$@"\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

test('Tab completes in Bash, quotes file names with spaces, and does not execute a bot’s name', async () => {
  const files = temporaryFolder();
  writeFileSync(join(files, 'with space.txt'), '');
  const erase = '\u0015';
  const {lines} = await onTerminal(`cd ${files} && bash --norc -i`, {
    cols: 100,
    env: {POE_CONFIG_DIR: completionCache(), POE_BASE_URL: '', PATH: `${programFolder()}:${process.env.PATH}`},
    when: [
      [
        /[$#]$/,
        ({type}) => type(`PS1='% '; bind 'set show-all-if-ambiguous on'; eval "$(poe completion bash)"; echo loaded\r`),
      ],
      [/\nloaded\n%$/, ({type}) => type('poe his\t')],
      [/\n% poe history$/, ({type}) => type(`${erase}poe send --bot=deepseek-r\t`)],
      [/\n% poe send --bot=DeepSeek-R1$/, ({type}) => type(`${erase}poe-cli send -f wi\t`)],
      [/\n% poe-cli send -f with\\ space\.txt$/, ({type}) => type(`${erase}poe send --file=with\\ \t`)],
      [/\n% poe send --file=with\\ space\.txt$/, ({type}) => type(`${erase}poe send -b "a\t`)],
      [/\n% poe send -b "a \\\$\(b\)\\`c\\`"$/, ({type}) => type(`${erase}poe send -b Odd:\t`)],
      [/\n% poe send -b Odd:Name$/, ({type}) => type(`${erase}poe share \t`)],
      [/\nlast {2}\(Most recent chat\)[^]*\n% poe share$/, ({type}) => type(`${erase}exit\r`)],
    ],
  });
  expect(lines.at(-1)).toBe('exit 0');
});

test('bin/poe.js completes without loading the program', async () => {
  const env = {POE_CONFIG_DIR: completionCache(), NODE_DEBUG: 'esm'};
  const complete = (...args: string[]) =>
    new Promise<string>((done) => {
      const argv = ['bin/poe.js', 'completion', '--complete', ...args];
      execFile(process.execPath, argv, {env}, (_error, out, err) => done(out + err));
    });
  expect(await complete('fish', 'explore', '--category', '')).toBe('words 0\nOfficial\nImage Generation\n');
  Object.assign(env, {POE_COMPLETE_WORDS: 'explore\n--category\n'});
  expect(await complete('powershell')).toBe(
    "words\nOfficial\tOfficial\tOfficial\n'Image Generation'\tImage Generation\tImage Generation\n",
  );
});

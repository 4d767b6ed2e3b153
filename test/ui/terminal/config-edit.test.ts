import {chmodSync, existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {temporaryFolder} from '../../support/harness.js';
import {onTerminal} from '../../support/terminal/pseudo-terminal.js';

/** A program that replaces the file it is to edit with this text. */
function editor(text: string): Record<string, string> {
  const path = join(temporaryFolder(), 'editor');
  writeFileSync(path, `#!/bin/sh\ncat "$1"\nprintf '%s' '${text}' > "$1"\n`);
  chmodSync(path, 0o700);
  return {EDITOR: path};
}

test('config edit opens a new file with a schema beside it, and uses what was written', async () => {
  const {lines, configDir} = await onTerminal('node bin/poe.js config edit && node bin/poe.js config get theme', {
    env: editor('{"theme": "dark"}'),
  });
  expect(lines).toEqual(['before', '{', '  "$schema": "./settings.schema.json"', '}', 'dark', 'exit 0']);
  const schema = JSON.parse(readFileSync(join(configDir, 'settings.schema.json'), 'utf8'));
  expect(schema.properties.theme).toMatchObject({enum: ['auto', 'dark', 'light'], default: 'auto'});
  expect(schema.properties['max-points']).toMatchObject({type: 'integer', minimum: 0});
});

test('config edit reports mistakes in the edited file', async () => {
  const wrong = await onTerminal('node bin/poe.js config edit', {
    cols: 200,
    env: editor('{"theme": "blue", "kyes": 1}'),
  });
  expect(wrong.lines.join('\n')).toMatch(/Invalid value "blue" for theme in .*\. Expected auto, dark or light\./);
  expect(wrong.lines.join('\n')).toMatch(/Unknown setting "kyes" in .*\. Did you mean keys\?\nexit 0/);
  const damaged = await onTerminal('node bin/poe.js config edit', {cols: 200, env: editor('{"theme"}')});
  expect(damaged.lines.slice(-3).join('\n')).toMatch(
    /poe: The settings file .* is not valid JSON \(line 1, column 9\)\n {5}To correct it: poe config edit\nexit 1/,
  );
});

test('config edit says so if the editor fails', async () => {
  const {lines} = await onTerminal('node bin/poe.js config edit', {env: {EDITOR: 'false'}});
  expect(lines.slice(1)).toEqual([
    'poe: The editor exited with code 1',
    '     To choose an editor, set EDITOR.',
    'exit 2',
  ]);
});

test('/config shows and changes settings in a chat', async () => {
  const {lines, configDir} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    cols: 120,
    when: [
      [/\w · new chat/, ({type}) => type('/config set keys vim\r')],
      [/Invalid value "vim" for keys[^]*Expected emacs or vi\./, ({type}) => type('/config set images off\r')],
      [/images is now off\n/, ({type}) => type('/config get images\r')],
      [/\/config get images\noff/, ({type}) => type('/config edit\r')],
      [/Editing the settings requires a terminal/, ({type}) => type('\u0004')],
    ],
  });
  expect(lines.at(-1)).toBe('exit 0');
  expect(existsSync(join(configDir, 'settings.json'))).toBe(true);
});

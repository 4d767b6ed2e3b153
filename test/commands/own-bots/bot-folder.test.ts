import {mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {readBotFolder} from '../../../src/context/bot-folder/bot-folder.js';
import {PoeError} from '../../../src/core/errors.js';
import {runMain, temporaryFolder} from '../../support/harness.js';

/** The problems of a folder, without its path. */
function problemsOf(path: string): string[] {
  try {
    readBotFolder(path);
    return [];
  } catch (error) {
    if (!(error instanceof PoeError)) throw error;
    return (error.facts.problems ?? [error.message]).map((line) => line.replace(`${path}/`, ''));
  }
}

test('poe bot init writes a folder that can be read, and replaces no bot', async () => {
  const path = join(temporaryFolder(), 'FAQ-Bot');
  expect(await runMain(['bot', 'init', path, '--json'], {})).toEqual({
    code: 0,
    out: `${JSON.stringify({folder: path, written: [join(path, 'bot.yaml'), join(path, 'prompt.md')]})}\n`,
    err: '',
  });
  expect(readFileSync(join(path, 'bot.yaml'), 'utf8')).toMatch(/^# yaml-language-server: \$schema=https:/);
  expect(readBotFolder(path)).toMatchObject({
    settings: {handle: 'FAQ-Bot', category: 'prompt', base_bot: 'GPT-4o-Mini', visibility: 'private'},
    prompt: 'You are a helpful assistant. Answer in one paragraph.',
    knowledge: [],
  });
  expect((await runMain(['bot', 'init', path], {})).err).toContain(`The bot exists already: ${path}/bot.yaml`);
  const other = await runMain(['bot', 'init', join(path, 'x')], {});
  expect([other.code, other.err]).toEqual([2, expect.stringContaining('Invalid handle: "x"')]);
  for (const category of ['image', 'video', 'role-play', 'script', 'api']) {
    const folder = join(path, category);
    await runMain(['bot', 'init', folder, '--category', category, '--handle', 'Other'], {});
    expect(readBotFolder(folder).settings.category).toBe(category);
  }
});

test('every wrong field of bot.yaml is reported with its line and column', () => {
  const path = temporaryFolder();
  writeFileSync(
    join(path, 'bot.yaml'),
    `handle: a bot
category: chat
temprature: 1
temperature: hot
visibility:
parameter_controls:
  api_version: 2
  sections:
    - controls:
        - control: knob
colour: red
`,
  );
  expect(problemsOf(path)).toEqual([
    'bot.yaml:1:9: handle must have 4 to 20 letters, digits, ".", "-" or "_"',
    'bot.yaml:2:11: category must be prompt, image, video, role-play, script or api',
    'bot.yaml:3:13: temprature is not a known field; did you mean temperature?',
    'bot.yaml:4:14: temperature must be a number',
    'bot.yaml:7:16: parameter_controls.api_version must be "2"',
    'bot.yaml:10:20: parameter_controls.sections[0].controls[0].control must be one of text_field, text_area, number_field, drop_down, toggle_switch, slider, aspect_ratio, divider, conditionally_render',
    'bot.yaml:11:9: colour is not a known field',
  ]);
  writeFileSync(join(path, 'bot.yaml'), 'name: A\nname: "B\n');
  expect(problemsOf(path)).toEqual([
    'bot.yaml:2:1: YAML error: Map keys must be unique',
    'bot.yaml:3:1: YAML error: Missing closing "quote',
  ]);
  writeFileSync(join(path, 'bot.yaml'), '- a list\n');
  expect(problemsOf(path)).toEqual(['bot.yaml:1:1: The file must consist of names and values']);
});

test('fields and files that do not fit the category of a bot are reported', () => {
  const path = temporaryFolder();
  writeFileSync(join(path, 'bot.yaml'), 'handle: MyBot\ncategory: script\ntemperature: 1\n');
  writeFileSync(join(path, 'prompt.md'), 'x');
  mkdirSync(join(path, 'knowledge', '.git'), {recursive: true});
  writeFileSync(join(path, 'knowledge', 'a.md'), 'x');
  expect(problemsOf(path)).toEqual([
    'bot.yaml:3:14: temperature does not apply to a bot of the category script',
    'script.py: The file is missing',
    'prompt.md: A bot of the category script has no prompt.md',
    'knowledge: A bot of the category script has no knowledge',
  ]);
  writeFileSync(join(path, 'bot.yaml'), 'handle: MyBot\n');
  writeFileSync(join(path, 'knowledge', 'empty.pdf'), '');
  symlinkSync('/etc/hostname', join(path, 'knowledge', 'link.txt'));
  writeFileSync(join(path, 'knowledge', '.git', 'config'), 'hidden');
  expect(problemsOf(path)).toEqual([
    'knowledge/empty.pdf: The file is empty',
    'knowledge/link.txt: Must be a regular file, not a link',
  ]);
});

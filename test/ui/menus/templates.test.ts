import {expect, test} from 'vitest';
import {sentMessages} from '../../support/harness.js';
import {onTerminal, readyChat, type When} from '../../support/terminal/pseudo-terminal.js';

/* Templates in a chat, and their editor, on a real terminal. */

const type =
  (text: string): When[number][1] =>
  (at) =>
    at.type(text);
const save = 'node bin/poe.js -q template save';

test('/template lists templates, asks for variables, and puts the message into the prompt', async () => {
  const templates = `${save} tr --description 'Any language' 'To {{lang}}: {{input}}' && ${save} who -b Sandbox-Count --system 'Be brief.' 'Who is {{1}}?'`;
  const {lines, sandbox} = await onTerminal(`(${templates}) > /dev/null; node bin/poe.js chat -q -b Sandbox-Echo`, {
    when: [
      [readyChat, type('/template\r')],
      [/Choose a template[^]*❯ tr +Any language[^]*who/, type('\r')],
      [/lang:/, type('French\r')],
      [/> To French:/, type(' hello\r')],
      [/\nTo French: hello\n[^]*last: /, type('/template run who "Ada L"\r')],
      [/> Who is Ada L\?/, type('\r')],
      [/\nWho is Ada L\?\n\n[^]*last: /, type('/template run nobody\r')],
      [/No template named "nobody"\s+List your templates with \/template list\./, type('/template --json run tr\r')],
      [/Type it as \/template run <template>/, type('\u0004')],
    ],
  });
  expect(lines.at(-1)).toBe('exit 0');
  expect(sentMessages(sandbox)).toMatchObject([{query: 'To French: hello'}, {query: 'Who is Ada L?'}]);
});

test('a template can be saved in the chat', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    cols: 60,
    when: [
      [readyChat, type('/template\r')],
      [/Choose a template[^]*No templates yet\. Save one: \/template save/, type('\u001B')],
      [/\n> *\nSandbox-Echo/, type('/template save hi "Hello {{name}}"\r')],
      [/Saved \S+hi\.md/, type('/template run hi --var name=Ada\r')],
      [/> Hello Ada/, type('\u0003')],
      [/\n> *\nSandbox-Echo/, type('\u0004')],
    ],
  });
  expect(lines.at(-1)).toBe('exit 0');
});

test('template edit opens a new template, and drops it if nothing was written', async () => {
  const edit = 'node bin/poe.js template edit';
  const {lines} = await onTerminal(
    `EDITOR='cat' ${edit} x; EDITOR="printf 'Hello {{name}}' >" ${edit} x; ${edit} --json x < /dev/null; node bin/poe.js template list`,
    {cols: 200},
  );
  const text = lines.join('\n');
  expect(text).toContain(
    '---\ndescription:\nbot:\nsystem:\n---\n{{input}}\nThe template was not changed, so it was not saved.',
  );
  expect(text).toMatch(/Saved \S+\/templates\/x\.md/);
  expect(text).toContain('Editing a template requires a terminal');
  expect(text).toMatch(/Template +Bot +Variables +Description\nx +name/);
});

import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {expect, test} from 'vitest';
import {temporaryFolder} from '../../support/harness.js';
import {withKey} from '../../support/with-key.js';

/** Creates a folder with these files. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), {recursive: true});
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

async function withImport(files: Readonly<Record<string, string>>) {
  const setup = await withKey({pace: 0});
  const folder = folderWith(files);
  const load = (...options: string[]) => setup.run('template', 'import', folder, ...options);
  const saved = (name: string) => readFileSync(join(setup.configDir, 'templates', `${name}.md`), 'utf8');
  return {...setup, load, saved};
}

test('templates of llm are imported', async () => {
  const {load, saved, run, runWith} = await withImport({
    'steampunk.yaml':
      'prompt: >-\n  Summarize in the style of $style:\n\n  $input — $$5, {{kept}}\ndefaults:\n  style: pirates\nmodel: Sandbox-Echo\n',
    'brief.yml': 'system: Be ${mood}.\noptions:\n  temperature: 0.25\n  max_tokens: 40\nmodel: Sandbox-Memory\n',
    'people.yaml':
      'name: people\nschema_object:\n  type: object\n  properties:\n    name: {type: string}\nattachments: [a.png]\n',
    'text.yaml': '"Say $input"',
    'notes.txt': 'nothing',
  });
  const {code, out} = await load();
  expect({code, out}).toEqual({
    code: 0,
    out: 'brief\timported\t\npeople\timported\tNot imported: attachments\nsteampunk\timported\t\ntext\timported\t\n',
  });
  expect(saved('steampunk')).toBe(
    '---\nbot: Sandbox-Echo\ndefaults:\n  style: pirates\n---\nSummarize in the style of {{style}}:\n{{input}} — $5, \\{{kept}}\n',
  );
  expect((await run('send', '-t', 'steampunk', 'a', 'story')).out).toBe(
    'Summarize in the style of pirates:\na story — $5, {{kept}}\n',
  );
  expect((await runWith({stdin: 'hello'}, 'send', '-t', 'brief', '--var', 'mood=brief')).out).toBe(
    'system: Be brief.\nuser: hello\n',
  );
  expect(saved('people')).toContain('schema:\n  type: object\n');
  expect(saved('text')).toBe('Say {{input}}\n');
});

test('patterns of fabric are imported, also from its whole folder', async () => {
  const {load, saved, run} = await withImport({
    'patterns/summarize/system.md': '# IDENTITY\n\nYou summarize in {{lang_code}}.\n\n# INPUT:\n\nINPUT:\n',
    'patterns/ask/system.md': 'Answer: {{input}}\n',
    'patterns/with_user/system.md': 'Be brief. {{plugin:datetime:now}}',
    'patterns/with_user/user.md': 'CONTENT:\n',
    'patterns/README.md': '',
    'strategies/x.json': '{}',
  });
  expect(
    (await load('--json')).out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([
    {name: 'ask', state: 'imported', note: null},
    {name: 'summarize', state: 'imported', note: null},
    {name: 'with_user', state: 'imported', note: 'Not imported: {{plugin:datetime:now}}'},
  ]);
  expect(saved('ask')).toBe('Answer: {{input}}\n');
  expect(saved('with_user')).toBe('---\nsystem: Be brief. {{plugin:datetime:now}}\n---\nCONTENT:\n');
  const {out} = await run('send', '-b', 'Sandbox-Memory', '-t', 'summarize', '--var', 'lang_code=en', 'A long text.');
  expect(out).toContain('You summarize in en.');
  expect(out).toMatch(/user: A long text\.\n$/);
});

test('templates that exist are kept, unless --force is given; --dry-run saves nothing', async () => {
  const {load, saved, run} = await withImport({'x.yaml': 'prompt: new', 'bad.yaml': 'prompt: [', 'empty.yaml': 'a: b'});
  await run('template', 'save', 'x', 'mine');
  const dry = await load('--force', '--dry-run');
  expect(dry.out).toContain('x\timported');
  expect(dry.err).toContain('Nothing was saved.');
  const kept = await load();
  expect(kept).toMatchObject({code: 2, err: expect.stringContaining('2 of 3 templates could not be imported')});
  expect(kept.out).toMatch(
    /^bad\tfailed\t.*its YAML has an error in line 1.*\nempty\tfailed\t.*has no prompt\nx\texists\t\n$/,
  );
  expect(saved('x')).toBe('mine\n');
  await load('--force');
  expect(saved('x')).toBe('new\n');
});

test('a single file can be imported, and a path without templates is reported', async () => {
  const {run, saved} = await withImport({});
  const folder = folderWith({'one template.yaml': 'prompt: one', 'x.md': 'text', 'sub/y.txt': ''});
  expect((await run('template', 'import', join(folder, 'one template.yaml'))).code).toBe(0);
  expect(saved('one-template')).toBe('one\n');
  expect((await run('template', 'import', join(folder, 'sub'))).err).toContain(
    'There are no templates in this folder.',
  );
  expect((await run('template', 'import', join(folder, 'x.md'))).err).toContain('is no template of llm or fabric');
  expect((await run('template', 'import', join(folder, 'none'))).err).toContain('File not found');
});

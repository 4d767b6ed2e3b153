import {readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {temporaryFolder, withSandbox} from '../../support/harness.js';
import {withKey} from '../../support/with-key.js';

/** A file with a value as JSON. */
function jsonFile(value: unknown): string {
  const path = join(temporaryFolder(), 'export.json');
  writeFileSync(path, JSON.stringify(value));
  return path;
}

const chatGpt = {
  title: 'Counting',
  conversation_id: '11111111-2222-4333-8444-555555555555',
  current_node: 'e',
  mapping: {
    root: {id: 'root', message: null, parent: null, children: ['a']},
    a: {
      parent: 'root',
      message: {
        author: {role: 'system'},
        create_time: null,
        content: {content_type: 'text', parts: ['']},
        metadata: {is_visually_hidden_from_conversation: true},
      },
    },
    b: {
      parent: 'a',
      message: {
        author: {role: 'user'},
        create_time: 1_780_000_000.5,
        content: {
          content_type: 'multimodal_text',
          parts: [{content_type: 'image_asset_pointer', asset_pointer: 'file://x'}, 'How many are there?'],
        },
        metadata: {attachments: [{id: 'file-1', name: 'birds.png', mime_type: 'image/png', size: 1234}]},
      },
    },
    other: {
      parent: 'b',
      message: {
        author: {role: 'assistant'},
        create_time: 1_780_000_001,
        content: {content_type: 'text', parts: ['a discarded answer']},
        metadata: {model_slug: 'gpt-4o'},
      },
    },
    c: {
      parent: 'b',
      message: {
        author: {role: 'assistant'},
        create_time: 1_780_000_002,
        content: {content_type: 'thoughts', thoughts: [{summary: 'thinking'}]},
        metadata: {},
      },
    },
    call: {
      parent: 'c',
      message: {
        author: {role: 'assistant'},
        recipient: 'web',
        create_time: 1_780_000_002.5,
        content: {content_type: 'code', language: 'unknown', text: 'search("birds")'},
      },
    },
    d: {
      parent: 'call',
      message: {
        author: {role: 'tool', name: 'web'},
        create_time: 1_780_000_003,
        content: {content_type: 'text', parts: ['tool output']},
      },
    },
    e: {
      parent: 'd',
      message: {
        author: {role: 'assistant'},
        recipient: 'all',
        create_time: 1_780_000_004,
        content: {content_type: 'text', parts: ['Seven birds.\uE200cite\uE202turn0search0\uE201']},
        metadata: {model_slug: 'gpt-4o'},
      },
    },
  },
};

const claude = {
  uuid: 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee',
  name: 'A poem',
  created_at: '2026-03-01T10:00:00.000000Z',
  chat_messages: [
    {
      uuid: '1',
      sender: 'human',
      text: 'Make it rhyme',
      content: [{type: 'text', text: 'Make it rhyme'}],
      created_at: '2026-03-01T10:00:00.000000Z',
      attachments: [{file_name: 'poem.txt', file_type: 'txt', file_size: 9, extracted_content: 'Roses are'}],
      files: [],
    },
    {
      uuid: '2',
      sender: 'assistant',
      text: '',
      content: [
        {type: 'thinking', thinking: 'a rhyme'},
        {type: 'text', text: 'Roses are'},
        {type: 'text', text: 'red.'},
      ],
      created_at: '2026-03-01T10:00:05.000000Z',
      attachments: [],
      files: [],
    },
  ],
};

const messagesOf = async (run: (...argv: string[]) => Promise<{out: string}>, chat: string) =>
  (await run('history', 'show', chat, '--json')).out
    .trimEnd()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line));

test('a chat on Poe that was exported as JSON becomes a local chat, and a bot with a key knows it', async () => {
  const {run: onPoe} = await withSandbox();
  await onPoe('send', '-b', 'GPT-4o-Mini', 'my name is Ada');
  await onPoe('clear-context', 'last');
  await onPoe('send', '-c', 'last', 'I live in Lisbon');
  const file = jsonFile(JSON.parse((await onPoe('history', 'export', 'last', '--format', 'json')).out));

  const {run} = await withKey();
  const imported = await run('history', 'import', '-b', 'Sandbox-Memory', file);
  expect(imported).toMatchObject({code: 0, err: ''});
  expect(imported.out).toMatch(/^Imported as local-[\da-z]+: /);
  const texts = (await messagesOf(run, 'last')).map(({text}) => text);
  expect(texts).toContain('my name is Ada');
  expect(texts).toContain('I live in Lisbon');

  const {out} = await run('send', '-c', 'last', 'who am I?');
  expect(out).toContain('user: I live in Lisbon');
  expect(out).not.toContain('Ada');
});

test('a chat is imported once', async () => {
  const {run} = await withKey();
  const file = jsonFile([chatGpt, claude]);
  expect((await run('history', 'import', file)).out).toBe('Imported 2 chats. To list them: poe history\n');
  expect((await run('history', 'import', file)).out).toBe('Nothing to import: 2 chats are already on this machine\n');
  const again = (await run('history', 'import', '--json', file)).out.trimEnd().split('\n');
  expect(new Set(again.map((line) => String(JSON.parse(line).title)))).toEqual(new Set(['A poem', 'Counting']));
  expect((await run('history')).out.trimEnd().split('\n')).toHaveLength(2);
});

test('of a ChatGPT export, the branch that its page shows is imported, without tools and thoughts', async () => {
  const {run} = await withKey();
  const chat = JSON.parse((await run('history', 'import', '--json', jsonFile([chatGpt]))).out);
  expect(chat).toMatchObject({title: 'Counting', bot: 'gpt-4o', lastInteractionTime: '2026-05-28T20:26:44.000Z'});
  expect(await messagesOf(run, chat.chatCode)).toMatchObject([
    {
      author: 'human',
      text: 'How many are there?',
      creationTime: '2026-05-28T20:26:40.500Z',
      attachments: [{name: 'birds.png', mimeType: 'image/png', size: 1234}],
    },
    {author: 'gpt-4o', text: 'Seven birds.', state: 'complete'},
  ]);
});

test('of a Claude export, texts are imported with the content of attached files', async () => {
  const {run} = await withKey();
  await run('history', 'import', jsonFile(claude));
  expect(await messagesOf(run, 'last')).toMatchObject([
    {author: 'human', text: 'Make it rhyme\n\npoem.txt:\n\n```\nRoses are\n```', attachments: [{name: 'poem.txt'}]},
    {author: 'Claude', text: 'Roses are\n\nred.', creationTime: '2026-03-01T10:00:05.000Z'},
  ]);
});

test('a chat can be imported from stdin, and continued with another bot', async () => {
  const {run, runWith} = await withKey();
  await runWith({stdin: JSON.stringify(claude)}, 'history', 'import', '-');
  expect((await run('send', '-c', 'last', '-b', 'Sandbox-Memory', 'again')).out).toContain('Make it rhyme');
});

test.each([
  ['PK\u0003\u0004', 'it is a ZIP archive', 'Unpack it'],
  ['# A chat', 'it is not JSON', 'exported as JSON'],
  ['{"some": "thing"}', 'it has no chat in a known format', 'exported as JSON'],
  ['[]', 'it has no chat in a known format', 'exported as JSON'],
])('a file that is no export is refused: %j', async (text, reason, hint) => {
  const {run} = await withKey();
  const path = join(temporaryFolder(), 'file');
  writeFileSync(path, text);
  const {code, err} = await run('history', 'import', path);
  expect(code).toBe(2);
  expect(err).toContain(`Could not import ${path}: ${reason}`);
  expect(err).toContain(hint);
  expect((await run('history', 'import', `${path}-missing`)).err).toContain(`File not found: ${path}-missing`);
});

test('a folder of exported chats is imported with its index', async () => {
  const {run} = await withKey();
  await run('history', 'import', jsonFile(claude));
  const folder = join(temporaryFolder(), 'chats');
  await run('history', 'export', '--all', folder, '--format', 'json');
  const files = readdirSync(folder).flatMap((name) => (name.startsWith('.') ? [] : [join(folder, name)]));
  expect(files).toHaveLength(2);
  expect((await run('history', 'import', ...files)).out).toBe('Nothing to import: 1 chat is already on this machine\n');
  expect((await run('history', 'import', folder)).err).toContain(`poe: ${folder} is a folder\n`);
});

test('nothing is imported if one of several files cannot be read', async () => {
  const {run} = await withKey();
  expect((await run('history', 'import', jsonFile(claude), jsonFile('no chat'))).code).toBe(2);
  expect((await run('history')).out).toBe('');
});

test('damaged conversations are left out', async () => {
  const {run} = await withKey();
  const damaged = [
    null,
    {...chatGpt, mapping: {e: {message: 7, parent: 'e'}}},
    {uuid: 5, chat_messages: 'none'},
    {...claude, chat_messages: [null, {sender: 'alien'}, ...claude.chat_messages]},
  ];
  const {out} = await run('history', 'import', '--json', jsonFile(damaged));
  expect(JSON.parse(out)).toMatchObject({title: 'A poem'});
});

import {expect, test} from 'vitest';
import type {ChatRequest} from '../../src/serve/formats/chat-request.js';
import {readCompletion} from '../../src/serve/formats/read-completion.js';
import {readMessage} from '../../src/serve/formats/read-message.js';
import {conversationKey} from '../../src/serve/web/conversation-key.js';
import {readResponse} from '../../src/serve/formats/read-response.js';

/* What programs send, in the three formats. */

const png = 'iVBORw0KGgo=';
const pngBytes = new Uint8Array(Buffer.from(png, 'base64'));

const brief = ({system, turns}: ChatRequest) => ({
  system,
  turns: turns.map(({role, text, files}) => [
    role,
    text,
    ...files.map((file) => ('url' in file ? file.url : [file.name, new Uint8Array(file.content)])),
  ]),
});

test('the same conversation is read alike in all three formats', () => {
  const expected = {
    system: 'Be brief.',
    turns: [
      ['user', 'What is this?', ['', pngBytes], 'https://example.com/b.png'],
      ['assistant', 'A picture.'],
      ['user', 'Sure?'],
    ],
  };
  const completion = readCompletion({
    model: 'm',
    messages: [
      {role: 'developer', content: 'Be brief.'},
      {
        role: 'user',
        content: [
          {type: 'text', text: 'What is this?'},
          {type: 'image_url', image_url: {url: `data:image/png;base64,${png}`, detail: 'low'}},
          {type: 'image_url', image_url: 'https://example.com/b.png'},
        ],
      },
      {role: 'assistant', content: [{type: 'text', text: 'A picture.'}], refusal: null},
      {role: 'user', content: 'Sure?', name: 'me'},
    ],
  });
  expect(brief(completion)).toEqual(expected);
  const response = readResponse({
    model: 'm',
    instructions: 'Be brief.',
    input: [
      {
        role: 'user',
        content: [
          {type: 'input_text', text: 'What is this?'},
          {type: 'input_image', image_url: `data:image/png;base64,${png}`},
          {type: 'input_image', image_url: 'https://example.com/b.png'},
        ],
      },
      {type: 'reasoning', id: 'rs_1', summary: [{type: 'summary_text', text: 'Hm.'}]},
      {type: 'message', id: 'msg_1', role: 'assistant', content: [{type: 'output_text', text: 'A picture.'}]},
      {role: 'user', content: 'Sure?'},
    ],
  });
  expect(brief(response)).toEqual(expected);
  const message = readMessage({
    model: 'm',
    max_tokens: 10,
    system: [{type: 'text', text: 'Be brief.', cache_control: {type: 'ephemeral'}}],
    messages: [
      {
        role: 'user',
        content: [
          {type: 'text', text: 'What is this?'},
          {type: 'image', source: {type: 'base64', media_type: 'image/png', data: png}},
          {type: 'image', source: {type: 'url', url: 'https://example.com/b.png'}},
        ],
      },
      {
        role: 'assistant',
        content: [
          {type: 'thinking', thinking: 'Hm.', signature: ''},
          {type: 'text', text: 'A picture.'},
        ],
      },
      {role: 'user', content: 'Sure?'},
    ],
  });
  expect(brief(message)).toEqual(expected);
  expect(brief(readResponse({model: 'm', input: 'hi'}))).toEqual({system: '', turns: [['user', 'hi']]});
});

test('files, audio and the results of tools become part of the message', () => {
  const hello = Buffer.from('hello').toString('base64');
  const bytes = new Uint8Array(Buffer.from('hello'));
  const {turns} = brief(
    readCompletion({
      model: 'm',
      messages: [
        {
          role: 'user',
          content: [
            {type: 'file', file: {filename: 'a.txt', file_data: `data:text/plain;charset=utf-8;base64,${hello}`}},
            {type: 'file', file: {filename: 'b.txt', file_data: hello}},
            {type: 'input_audio', input_audio: {data: hello, format: 'mp3'}},
          ],
        },
        {role: 'assistant', content: null, tool_calls: [{id: '1', function: {name: 'now', arguments: '{}'}}]},
        {role: 'tool', tool_call_id: '1', content: 'noon'},
        {role: 'user', content: 'Thanks'},
        {role: 'user', content: ''},
      ],
    }),
  );
  expect(turns).toEqual([
    ['user', '', ['a.txt', bytes], ['b.txt', bytes], ['audio.mp3', bytes]],
    ['assistant', '[Called the tool now with {}]'],
    ['user', '[Result of the tool]\nnoon\n\nThanks'],
  ]);
  const document = {type: 'document', title: 'Notes', source: {type: 'text', media_type: 'text/plain', data: 'hello'}};
  const result = {type: 'tool_result', tool_use_id: '1', content: [{type: 'text', text: 'noon'}]};
  const message = readMessage({model: 'm', messages: [{role: 'user', content: [document, result]}]});
  expect(brief(message).turns).toEqual([['user', '[Result of the tool]\nnoon', ['Notes.txt', bytes]]]);
  const output = {type: 'function_call_output', call_id: '1', output: 'noon'};
  expect(brief(readResponse({model: 'm', input: [output]})).turns).toEqual([['user', '[Result of the tool]\nnoon']]);
});

test('what a bot with a browser session cannot do is noticed, and settings without effect are listed', () => {
  const tool = {type: 'function', function: {name: 'f', parameters: {}}};
  const completion = (fields: object) =>
    readCompletion({model: 'm', messages: [{role: 'user', content: 'hi'}], ...fields});
  expect(completion({tools: [tool], n: 2, logprobs: true}).requires).toEqual([
    'tools',
    'several choices (n)',
    'logprobs',
  ]);
  const harmless = {tools: [tool], tool_choice: 'none', n: 1, logprobs: false, functions: [], stop: null};
  expect(completion({...harmless, response_format: {type: 'json_object'}}).requires).toEqual([]);
  const read = completion({temperature: 1, aspect: '16:9', quality: 2, reasoning_effort: 'low', chat: {id: 1}});
  expect(read).toMatchObject({
    effort: 'low',
    parameters: {aspect: '16:9', quality: '2'},
    ignored: ['temperature', 'chat'],
  });
  const response = readResponse({model: 'm', input: 'hi', previous_response_id: 'resp_1', tools: [tool]});
  expect(response.requires).toEqual(['tools', 'stored responses (previous_response_id)']);
  const messages = [{role: 'user', content: 'hi'}];
  expect(readMessage({model: 'm', messages, tools: [tool], tool_choice: {type: 'none'}}).requires).toEqual([]);
  expect(readMessage({model: 'm', messages, tools: [tool]}).requires).toEqual(['tools']);
});

test('the wish for JSON is read in all formats', () => {
  const schema = {type: 'object', properties: {name: {type: 'string'}}};
  const messages = [{role: 'user', content: 'hi'}];
  const format = {type: 'json_schema', schema};
  const completion = (response_format: object) => readCompletion({model: 'm', messages, response_format}).json;
  expect(completion({type: 'json_schema', json_schema: {name: 'person', schema}})).toEqual({schema});
  expect(completion({type: 'json_object'})).toEqual({schema: null});
  expect(completion({type: 'text'})).toBeUndefined();
  expect(readResponse({model: 'm', input: 'hi', text: {format: {...format, name: 'person'}}}).json).toEqual({schema});
  expect(readMessage({model: 'm', messages, output_config: {format}}).json).toEqual({schema});
  expect(readMessage({model: 'm', messages, output_format: format}).json).toEqual({schema});
  expect(readMessage({model: 'm', messages}).json).toBeUndefined();
});

test('a request that cannot be read says where', () => {
  const message = (read: (body: unknown) => ChatRequest, body: object) => {
    try {
      read({model: 'm', ...body});
      return 'read';
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
  };
  const part = (content: object) => message(readCompletion, {messages: [{role: 'user', content: [content]}]});
  expect(message(readCompletion, {})).toBe('messages: is required');
  expect(message(readCompletion, {messages: []})).toBe('messages: must not be empty');
  expect(message(readCompletion, {messages: [{}]})).toBe('messages[0].role: is required');
  expect(message(readCompletion, {messages: [{role: 'user', content: 5}]})).toBe(
    'messages[0].content: must be a text or a list of parts',
  );
  expect(part({type: 'video'})).toBe('messages[0].content[0].type: parts of the type "video" are not supported');
  expect(part({type: 'constructor'})).toContain('not supported');
  expect(part({type: 'image_url', image_url: {url: 'data:image/png;base64,????'}})).toContain('not valid base64');
  expect(part({type: 'image_url', image_url: {url: 'file:///etc/passwd'}})).toContain('must be a data: URL');
  expect(part({type: 'image_url', image_url: {url: 'https://'}})).toContain('not a valid URL');
  expect(part({type: 'file', file: {file_id: 'file-1'}})).toContain('Send the content of the file');
  expect(message(readResponse, {input: 5})).toBe('input: must be a text or a list of items');
  expect(message(readResponse, {input: [{type: 'item_reference', id: 'x'}]})).toContain('Send the whole item');
  expect(message(readMessage, {messages: [{role: 'tool', content: 'x'}]})).toBe(
    'messages[0].role: must be user or assistant',
  );
});

test('a request that was made to take long does not', () => {
  const blanks = `${' '.repeat(2_000_000)}x`;
  const many = Array.from({length: 100_000}, () => ({role: 'user', content: 'abc'}));
  const {turns} = readCompletion({model: 'm', messages: [...many, {role: 'user', content: blanks}]});
  expect(turns[0]?.text).toHaveLength(100_000 * 5 + blanks.length);
  expect(conversationKey({bot: 'b', system: ''}, turns)).toHaveLength(64);
  const nested = JSON.parse('[{"type":"tool_result","content":'.repeat(50_000) + '"x"' + '}]'.repeat(50_000));
  expect(() => readMessage({model: 'm', messages: [{role: 'user', content: nested}]})).toThrow('nested too deeply');
});

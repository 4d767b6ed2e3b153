import {expect, test} from 'vitest';
import {Attention} from '../../src/ui/notifier.js';
import {promptRows} from '../../src/ui/screen/layout.js';
import {cuttingProxy} from '../support/cutting-proxy.js';
import {countSends} from '../support/harness.js';
import {allPayloads, findLeak, injectPayloads, payloads, replacementMark} from '../support/hostile-text.js';
import {onTerminal, type When} from '../support/pseudo-terminal.js';

/* What a bot says, what stands in any text of Poe's, and what one pastes, can do nothing to the terminal of a chat. */

/** The echo of the bot, which stands flush left, where what one typed has a mark before it. */
const echoed = (index: number) => new RegExp(`^said (?:(?!said)[^])* ${index}done`, 'm');
const pasted = (text: string) => `\u001b[200~${text}\u001b[201~`;
const ctrlD = '\u0004';

test.each([
  ['drawn', ''],
  ['for a screen reader', '--screen-reader'],
])('no control sequence gets through, %s: from a paste, from a reply', async (_how, flag) => {
  const kinds = Object.entries(payloads);
  const {bytes, lines, sandbox} = await onTerminal(`node bin/poe.js chat -q ${flag} -b Sandbox-Echo`, {
    rows: 40,
    when: [
      [/^>|Sandbox-Echo/m, ({type}) => type(`${pasted(`said ${kinds[0]?.[1]} 0done`)}\r`)],
      ...kinds
        .slice(1)
        .map(([, poison], index): [RegExp, (terminal: {type: (text: string) => void}) => void] => [
          echoed(index),
          ({type}) => type(`${pasted(`said ${poison} ${index + 1}done`)}\r`),
        ]),
      [echoed(kinds.length - 1), ({type}) => type(ctrlD)],
    ],
  });
  expect(countSends(sandbox)).toBe(kinds.length);
  expect(findLeak(bytes)).toBeUndefined();
  expect(lines.join('\n')).toMatch(replacementMark);
});

/** Fields in which people, bots and Poe write what they like. */
const forPeople = /(?<!id|cursor|code|handle|time|nonce|type|__typename|isEntity|_name|state|^status|author|hash)$/i;

/** Types one line after the other, each once what the one before it brings is there. */
const conversation = (turns: readonly (readonly [seen: RegExp, typed: string])[]): When =>
  turns.map(([seen, typed]) => [seen, ({type}) => type(typed)]);

test('nor from titles, names, suggestions, files, refusals, lists, questions: all is shown, with marks', async () => {
  const poisoned = (json: string) => injectPayloads(json, forPeople);
  const run = (flag: string) =>
    onTerminal(`node bin/poe.js chat -q --notify ${flag} -c "$CHAT"`, {
      cols: 990,
      rows: 50,
      env: async (sandbox) => {
        const proxy = await cuttingProxy(sandbox.url, {
          rewrite: (body) => (body.startsWith('{"data"') ? poisoned(body) : body),
          rewriteFrame: (text) => [poisoned(text)],
        });
        const chat = sandbox.world.chats[0]?.code ?? '';
        return {POE_BASE_URL: proxy.url, POE_FORMKEY: sandbox.formKey, CHAT: chat, TERM_PROGRAM: 'WezTerm'};
      },
      when: conversation([
        [/Introduction to sourdough bread ␛[^]*No bot named/, '\u001b[O/bot gemini-2.0-flash\r2x2?\r'],
        [/2 × 2 = 4 ␛[^]*Alt\+1 {2}Tell me more\. ␛/, '/bot Sandbox-Image\r/new\rdraw\r'],
        [/^1\. picture.*: https.*picture/m, '/bot Sandbox-Fails\rhello\r'],
        [/not available right now\. ␛/, '/history -n 3\r'],
        [/Chat +Title[^]*sourdough bread ␛/, '/bot-info gemini-2.0-flash\r'],
        [/Description.*A quick model[^\n]* ␛/, '/delete-chat\r'],
        [/Delete the chat "[^\n]* ␛[^\n]*\(y\/N\)/, 'n\r'],
        [/Cancelled/, '/whoami\r'],
        [/sandbox@poe.example ␛/, ctrlD],
      ]),
    });
  for (const {bytes, sandbox} of await Promise.all([run(''), run('--screen-reader')])) {
    expect(countSends(sandbox)).toBe(3);
    expect(findLeak(bytes.replaceAll(/\u001b\]9;poe: [\w.-]+ replied\u0007/g, ''))).toBeUndefined();
  }
});

test('nor from what one pastes, while it waits, is looked for, is repeated or is quoted in a note', async () => {
  const all = allPayloads.replaceAll('\n', ' ');
  const {bytes} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Slow', {
    cols: 990,
    rows: 50,
    when: conversation([
      [/\w · new chat/, 'hello\r'],
      [/^One/m, `${pasted(`wait ${all}`)}\r`],
      [/Queued: wait ␛/, '\u001b'],
      [/^> wait ␛/m, '\u0003'],
      [/\(stopped\)/, `\u0003${pasted(`/file no ${all}`)}\r`],
      [/File not found: no ␛/, `${pasted(`/bot-info no ${all}`)}\r`],
      [/^\/bot-info no ␛[^]*Too many arguments/m, `\u0012${pasted(`no ${all}`)}`],
      [/\(search: no ␛/, `\u0003\u0003${ctrlD}`],
    ]),
  });
  expect(findLeak(bytes)).toBeUndefined();
});

test('nor from the name by which a bot is found, and names like it', async () => {
  const run = (poison: string, when: When) =>
    onTerminal('node bin/poe.js chat -q -b gemini-2.0-flash', {
      cols: 990,
      env: async (sandbox) => {
        const proxy = await cuttingProxy(sandbox.url, {
          rewrite: (body) => (body.startsWith('{"data"') ? injectPayloads(body, /^handle$/, poison) : body),
        });
        return {POE_BASE_URL: proxy.url, POE_FORMKEY: sandbox.formKey};
      },
      when,
    });
  const found = [/^gemini-2\.0-flash ␛/m, ctrlD] as const;
  const near = conversation([
    [/^gemini-2\.0-flash ␛/m, '/bot gemni-2.0-flash\r'],
    [/No bot named[^]*gemini-2\.0-flash ␛/, ctrlD],
  ]);
  for (const {bytes} of await Promise.all([run(allPayloads, conversation([found])), run('\u001b', near)])) {
    expect(findLeak(bytes)).toBeUndefined();
  }
});

test('nor over the API, from thoughts and answers that come byte by byte', async () => {
  const names = /^(?:content|reasoning_content|text|description|display_name)$/;
  const poisoned = (json: string) => injectPayloads(json, names);
  const run = (flag: string) =>
    onTerminal(`node bin/poe.js chat -q ${flag} -b sandbox-thinker`, {
      cols: 990,
      rows: 50,
      env: async (sandbox) => {
        const proxy = await cuttingProxy(sandbox.apiUrl, {
          rewrite: (body) => body.replaceAll(/(?<=^data: )\{.*\}(?=\r?$)/gm, poisoned),
          pieceBytes: 1,
        });
        return {POE_P_B: '', POE_P_LAT: '', POE_API_KEY: sandbox.apiKey, POE_API_URL: proxy.url};
      },
      when: conversation([
        [/^>/m, '2+2?\r'],
        [/(?:│|Thinking:) Two and two +␛[^]*^4 ␛[^]*^>/m, ctrlD],
      ]),
    });
  for (const {bytes} of await Promise.all([run(''), run('--screen-reader')])) expect(findLeak(bytes)).toBeUndefined();
});

test('what is written takes one row where a terminal would break the line', () => {
  for (const text of ['a\u2028b', 'a\r\nb', 'a\u2029b', 'a\rb', 'a\u0085b', '\u001b[2Jb']) {
    const {rows} = promptRows({text, caret: text.length}, '> ', 80);
    expect(rows).toHaveLength(1);
    expect(findLeak(rows.join(''))).toBeUndefined();
    expect(rows.join('')).not.toMatch(/[\r\n]/);
  }
});

test('nor from a note that a bot replied, whatever the bot is called', () => {
  for (const poison of [...Object.values(payloads), '4;1;50', '2;message', '9;/tmp']) {
    let written = '';
    const attention = new Attention((text) => (written += text), {TERM_PROGRAM: 'ghostty'});
    attention.focus(false);
    attention.answered(poison, 0);
    const [, note = ''] = /^\u001b\]9;poe: (.*) replied\u0007$/.exec(written) ?? [];
    expect({written, leak: findLeak(note)}).toEqual({written, leak: undefined});
    expect(note).not.toBe('');
  }
});

test('a word without end, wide letters at the edge and accents by the hundred stay within their rows', async () => {
  const words = [
    `${'x'.repeat(700)}end1`,
    `${'x'.repeat(40)}${'語'.repeat(120)}end2`,
    `a${'\u0301'.repeat(300)}end3`,
    `👩‍👩‍👧${'👍🏽'.repeat(60)}end4`,
  ];
  const {lines, bytes} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    cols: 41,
    rows: 20,
    when: conversation([
      [/^>/m, `${pasted(words.join('\n'))}\r`],
      [/^(?!>).*end4[^]*last: /m, ctrlD],
    ]),
  });
  const shown = lines.join('\n');
  // What was sent, and its echo; each once.
  for (const word of [words[0], words[1]]) expect(shown.split(word ?? '')).toHaveLength(3);
  expect(shown).not.toMatch(/\u0301{13}/);
  expect(findLeak(bytes)).toBeUndefined();
});

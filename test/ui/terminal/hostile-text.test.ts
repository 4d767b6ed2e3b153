import {expect, test} from 'vitest';
import {Notifier} from '../../../src/ui/notifier.js';
import {promptRows} from '../../../src/ui/screen/layout.js';
import {cuttingProxy} from '../../support/servers/cutting-proxy.js';
import {countSends} from '../../support/harness.js';
import {allPayloads, findLeak, injectPayloads, payloads, replacementMark} from '../../support/hostile-text.js';
import {onTerminal, type When} from '../../support/terminal/pseudo-terminal.js';

/* Replies, texts from Poe and pasted text cannot control the terminal of a chat. */

/** The bot's echo, which starts the line; the user's message has a mark before it. */
const echoed = (index: number) => new RegExp(`^said (?:(?!said)[^])* ${index}done`, 'm');
const pasted = (text: string) => `\u001b[200~${text}\u001b[201~`;
const ctrlO = '\u000f';
const ctrlD = '\u0004';

test.each([
  ['drawn', ''],
  ['for a screen reader', '--screen-reader'],
])('control sequences in pasted text and replies do not reach the terminal (%s)', async (_how, flag) => {
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

/** Fields with free text from users, bots or Poe. */
const forPeople = /(?<!id|cursor|code|handle|time|nonce|type|__typename|isEntity|_name|state|^status|author|hash)$/i;

/** Types each line when the result of the line before it is on the screen. */
const conversation = (turns: readonly (readonly [seen: RegExp, typed: string])[]): When =>
  turns.map(([seen, typed]) => [seen, ({type}) => type(typed)]);

test('control sequences in titles, names, suggestions, files, errors, lists and questions are shown as marks', async () => {
  const poisoned = (json: string) => injectPayloads(json, forPeople);
  const run = (flag: string) =>
    onTerminal(`node bin/poe.js chat -q --images off --notify ${flag} -c "$CHAT"`, {
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
        [/No bot named[^]*Search for bots with/, '\u001b[O/bot gemini-2.0-flash\r2x2?\r'],
        [/2 × 2 = 4 ␛[^]*Alt\+1 {2}Tell me more\. ␛/, '/bot Sandbox-Image\r/new\rdraw\r'],
        [/^1\. picture[^]*https?[^]*picture/m, '/bot Sandbox-Fails\rhello\r'],
        [/not available right now\. ␛/, '/history -n 3\r'],
        [/Chat +Title[^]*sourdough bread ␛/, '/bot-info gemini-2.0-flash\r'],
        [/Description.*A quick model[^\n]* ␛/, '/delete-chat\r'],
        [/Delete "[^\n]* ␛[^]*\(y\/N\)\n/, 'n\r'],
        [/Cancelled/, '/whoami\r'],
        [/sandbox@poe.example ␛/, ctrlD],
      ]),
    });
  for (const {bytes, sandbox} of await Promise.all([run(''), run('--screen-reader')])) {
    expect(countSends(sandbox)).toBe(3);
    expect(findLeak(bytes.replaceAll(/\u001b\]9;poe: [\w.-]+ replied\u0007/g, ''))).toBeUndefined();
  }
});

test('control sequences in queued, searched, repeated and quoted pasted text are shown as marks', async () => {
  const all = allPayloads.replaceAll('\n', ' ');
  const {bytes} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Slow', {
    heldAfter: 4,
    cols: 990,
    rows: 50,
    when: conversation([
      [/\w · new chat/, 'hello\r'],
      [/^One/m, `${pasted(`wait ${all}`)}\r`],
      [/Queued: wait ␛/, '\u001b'],
      [/^> wait ␛/m, '\u0003'],
      [/\(stopped\)/, `\u0003${pasted(`/file no ${all}`)}\r`],
      [/^no ␛.*cannot be attached/m, `${pasted(`/bot-info no ${all}`)}\r`],
      [/^\/bot-info no ␛[^]*Too many arguments/m, `\u0012${pasted(`no ${all}`)}`],
      [/Search: no ␛/, `\u0003\u0003${ctrlD}`],
    ]),
  });
  expect(findLeak(bytes)).toBeUndefined();
});

test('control sequences in bot names and in suggested names are shown as marks', async () => {
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

test('control sequences in reasoning and answers that arrive byte by byte over the API are shown as marks', async () => {
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
        [/^4 ␛[^]*^>/m, flag ? ctrlD : ctrlO],
        ...(flag ? [] : [[/^Two and two +␛/m, ctrlD] as const]),
      ]),
    });
  for (const {bytes} of await Promise.all([run(''), run('--screen-reader')])) expect(findLeak(bytes)).toBeUndefined();
});

test('control sequences in the titles of cited pages are shown as marks', async () => {
  const run = (flag: string) =>
    onTerminal(
      `node bin/poe.js chat ${flag} --protocol responses --param web_search=true -b Sandbox-Web 'What is tea?'`,
      {
        cols: 990,
        env: async (sandbox) => {
          const title = JSON.stringify(`Tea ${allPayloads}`);
          const proxy = await cuttingProxy(sandbox.url, {rewrite: (body) => body.replaceAll('"Tea"', title)});
          return {POE_P_B: '', POE_P_LAT: '', POE_API_KEY: sandbox.apiKey, POE_API_URL: proxy.url};
        },
        when: [[/\[2\] Drinks/, ({type}) => type(ctrlD)]],
      },
    );
  for (const {bytes, lines} of await Promise.all([run('-q'), run('--screen-reader')])) {
    expect(findLeak(bytes)).toBeUndefined();
    expect(lines.find((line) => line.startsWith('[1] Tea'))).toMatch(replacementMark);
  }
});

test('characters that a terminal would treat as a line end take no extra row in the prompt', () => {
  for (const text of ['a\u2028b', 'a\r\nb', 'a\u2029b', 'a\rb', 'a\u0085b', '\u001b[2Jb']) {
    const {rows} = promptRows({text, caret: text.length}, '> ', 80);
    expect(rows).toHaveLength(1);
    expect(findLeak(rows.join(''))).toBeUndefined();
    expect(rows.join('')).not.toMatch(/[\r\n]/);
  }
});

test('control sequences in a bot name do not reach notifications', () => {
  for (const poison of [...Object.values(payloads), '4;1;50', '2;message', '9;/tmp']) {
    let written = '';
    const notifier = new Notifier((text) => (written += text), {TERM_PROGRAM: 'ghostty'});
    notifier.setFocus(false);
    notifier.replied(poison, 0);
    const [, note = ''] = /^\u001b\]9;poe: (.*) replied\u0007$/.exec(written) ?? [];
    expect({written, leak: findLeak(note)}).toEqual({written, leak: undefined});
    expect(note).not.toBe('');
  }
});

test('very long words, wide characters at the edge and hundreds of accents stay within their rows', async () => {
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
      [/^(?!>).*end4[^]*(?<!Esc to stop)\n> *\n/m, ctrlD],
    ]),
  });
  const shown = lines.join('');
  // Once in the message and once in its echo.
  for (const word of [words[0], words[1]]) expect(shown.split(word ?? '')).toHaveLength(3);
  expect(shown).not.toMatch(/\u0301{13}/);
  expect(findLeak(bytes)).toBeUndefined();
});

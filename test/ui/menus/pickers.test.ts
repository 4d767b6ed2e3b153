import {expect, test} from 'vitest';
import {apiKey} from '../../../src/sandbox/api/api.js';
import {operationsOf} from '../../support/harness.js';
import {onTerminal, type When, readyChat} from '../../support/terminal/pseudo-terminal.js';
import {expectRestored} from '../../support/terminal/restored.js';

/* Pickers for bots, chats, parameters and earlier input, on a real terminal. */

const chat = 'node bin/poe.js chat -q -b Sandbox-Echo';
const withKey = {POE_P_B: '', POE_P_LAT: '', POE_API_KEY: apiKey};
const answered = /last: /;
const ctrlD = '\u0004';
const ctrlR = '\u0012';
const ctrlU = '\u0015';
const down = '\u001B[B';
const escape = '\u001B';
const type =
  (text: string): When[number][1] =>
  (at) =>
    at.type(text);

const sizes = [
  {cols: 40, rows: 15},
  {cols: 80, rows: 24},
];

test.each(sizes)('at $cols×$rows, /bot lists bots, searches on Poe and switches to the chosen one', async (size) => {
  const {lines, sandbox, bytes} = await onTerminal(chat, {
    ...size,
    when: [
      [readyChat, type('/bot\r')],
      [/Choose a bot\nSearch: *\n❯ \S+[^]*1 of \d+/, type('regex')],
      [/Search: regex *\n❯ RegexHelper /, type('\r')],
      [/\n> *\nRegexHelper · new chat/, type(ctrlD)],
    ],
  });
  expect(operationsOf(sandbox).join(' ')).toMatch(/search/i);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(size.cols);
  const price = size.cols < 60 ? '' : ' · 9 points per message';
  expect(lines).toEqual(['before', `Switched to RegexHelper${price}`, '', 'exit 0']);
  expectRestored(bytes);
});

test('with a key, /bot shows prices, kinds of input and output, and which bot is in use', async () => {
  await onTerminal(chat, {
    cols: 200,
    rows: 50,
    env: withKey,
    when: [
      [readyChat, type('/bot\r')],
      [/claude-sonnet-\S+ +[\d.]+ in, [\d.]+ out per 1k +text, image → text · /, type('echo')],
      [/❯ Sandbox-Echo +price unknown +current · text → text · Repeats your message\./, type(escape)],
      [/\n> *\nSandbox-Echo · new chat/, type(ctrlD)],
    ],
  });
});

test('/bot shows the prices that poe.com sends', async () => {
  await onTerminal(chat, {
    site: '2025-03',
    when: [
      [readyChat, type('/bot\r')],
      [/ {2}gemini-2\.0-flash +5 points +A quick model/, type(escape)],
      [/\n> *\nSandbox-Echo/, type(ctrlD)],
    ],
  });
});

test('where poe.com sends no prices, the status bar and /bot show those of the price lists', async () => {
  await onTerminal(chat, {
    when: [
      [/Sandbox-Echo · new chat +2 points per message/, type('/bot\r')],
      [/❯ \S+ [^]*1 of \d+/, type('claude-3')],
      // Also of the bots around the marked one, below each other.
      [/❯ Claude-3-Opus +1,500 points [^]*\n {2}Claude-3\.5-Haiku {12,} 30 points/, type(escape)],
      [/\n> *\nSandbox-Echo · new chat/, type(ctrlD)],
    ],
  });
});

test('an error of the search is shown in the list, which can still be used', async () => {
  await onTerminal(chat, {
    when: [
      [readyChat, type('/bot\r')],
      [
        /1 of \d+/,
        ({sandbox, type}) => {
          sandbox.faults.respondAlways({operation: 'search'}, {status: 400});
          type('gem');
        },
      ],
      [/❯ Gem[^]*\n {2}\S[^\n]*(?:400|refused|rejected)[^\n]*\n/i, type('\r')],
      [/\n> *\nGem\S+ · new chat/i, type(ctrlD)],
    ],
  });
});

test('a bot that is not listed can be chosen by its handle', async () => {
  await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    env: withKey,
    when: [
      [readyChat, type('/bot\r')],
      [/1 of \d+/, type('My-Private-Bot')],
      [/No match · Enter/, type('\r')],
      [/\n> *\nMy-Private-Bot · new chat/, type(ctrlD)],
    ],
  });
});

test.each(sizes)('at $cols×$rows, /chat lists chats by title and age with their last message', async (size) => {
  const {lines} = await onTerminal(
    'node bin/poe.js -q -b Sandbox-Count "count to 4" > /dev/null; node bin/poe.js chat -q -b Sandbox-Echo',
    {
      ...size,
      when: [
        [readyChat, type('/chat\r')],
        [
          /Choose a chat to continue\nSearch: *\n❯ Count to 4 +2025-03-\d+[^]*\n {2}1 2 3 4 *\n {2}1 of \d+/,
          type('\r'),
        ],
        [/count to 4[^]*1 2 3 4[^]*\n> *\nSandbox-Count · (?!new chat)/, type(ctrlD)],
      ],
    },
  );
  expect(lines.join('\n')).not.toContain('Search:');
});

test('a hostile chat title is shown without control characters, in one row', async () => {
  const title = String.raw`a\033]0;owned\007b\342\200\256c\033[2J${'d'.repeat(90)}`;
  const before = `node bin/poe.js -q -b Sandbox-Echo hi > /dev/null; node bin/poe.js -q title last "$(printf '${title}')" > /dev/null`;
  const {bytes, lines} = await onTerminal(`${before}; ${chat}`, {
    cols: 40,
    rows: 15,
    when: [
      [readyChat, type('/chat\r')],
      [/❯ a\S+b\S+c\S+… {2}2025-[^\n]*\n {2}Intro[^]*1 of/, type(escape)],
      [/\n> *\nSandbox-Echo · new chat/, type(ctrlD)],
    ],
  });
  expect(bytes).not.toMatch(/\u001B\]0;owned|\u202E|\u001B\[2J/);
  expect(lines.at(-1)).toBe('exit 0');
});

test('closing a picker keeps nothing of it, and what is typed while bots load filters them', async () => {
  const {lines, sandbox} = await onTerminal(chat, {
    when: [
      [readyChat, type('/bot\rcount')],
      [/Search: count *\n❯ Sandbox-Count/, type(escape)],
      [/\n> *\nSandbox-Echo · new chat/, type('hello\r')],
      [answered, type(ctrlD)],
    ],
  });
  expect(lines).toEqual(['before', '> hello', '', 'Sandbox-Echo', 'hello', '', 'exit 0']);
  expect(operationsOf(sandbox).join(' ')).toMatch(/sendMessage/i);
});

test('Ctrl+R lists earlier input; Esc keeps the draft, and Enter and Down lead back to it', async () => {
  const earlier = ['brew green tea', 'grind coffee', 'a\\u001b]0;title\\u0007b'].map((text) => `"${text}"`).join('\n');
  const {bytes} = await onTerminal(`echo '${earlier}' > "$POE_CONFIG_DIR/history.jsonl"; ${chat}`, {
    cols: 40,
    rows: 15,
    when: [
      [readyChat, type(`my draft${ctrlR}`)],
      [/Earlier input\nSearch: *\n❯ a\S+b *\n {2}grind coffee *\n {2}brew/, type(escape)],
      [/\n> my draft *\n/, type(`${ctrlR}brew\r`)],
      [/\n> brew green tea *\n/, type(`${down}${down}${down}`)],
      [/\n> my draft *\n/, type(`${ctrlU}${ctrlD}`)],
    ],
  });
  expect(bytes).not.toContain('\u001B]0;');
});

test('/param shows the parameters of the bot, checks the values, and sends them with each message of the chat', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Parameters', {
    env: withKey,
    when: [
      [readyChat, type('/param\r')],
      [
        /❯ effort +low \(default\) +high, low *\n {2}search +false \(default\) +true or false *\n[^]*Enter to change/,
        type('bud\r'),
      ],
      [/budget \(number from 0 to 100, default 0\)\. Leave it empty[^]*\n> *\n/, type('500\r')],
      [/Invalid value for the parameter budget: "500"[^]*\n> *\n/, type('7\r')],
      [/❯ budget +7 +number from 0 to 100 · default 0/, type(`effort\r`)],
      [/\neffort\nSearch: *\n❯ Default +low *\n {2}high/, type('high\r')],
      [/❯ effort +high +high, low · default low/, type(escape)],
      [/For this chat: budget=7 · effort=high\n> *\n/, type('go\r')],
      [/\{[^]*last: /, type('/param budget=\r')],
      [/For this chat: effort=high\n> *\n/, type('/new\r')],
      [/Sandbox-Parameters · new chat/, type('go\r')],
      [/\n\{\}\n[^]*last: /, type(ctrlD)],
    ],
  });
  expect(lines.find((line) => line.includes('budget'))).toMatch(/^\{(?=.*"budget":7)(?=.*"effort":"high").*\}$/);
});

test('with a browser session, /param is a form that shows only the controls that poe.com shows', async () => {
  const {lines} = await onTerminal(chat, {
    when: [
      [readyChat, type('/param\r')],
      [/Sandbox-Echo has no parameters/, type('/bot Sandbox-Parameters\r')],
      [/Sandbox-Parameters · /, type('/param\r')],
      [
        /❯ effort +low \(default\) +Effort · high, low[^]*budget +0 \(default\) +Budget · number from 0 to 100/,
        type('out\r'),
      ],
      [/\noutput\nSearch: *\n❯ Default +text *\n/, type('image\r')],
      [/width +512 \(default\) +Image width · number from 256/, type('wid\r')],
      [/width \(number from 256 to 1024 in steps of 64, default 512\)/, type('300\r')],
      [/Invalid value for the parameter width: "300"/, type('320\r')],
      [/❯ width +320 +Image width/, type(escape)],
      [/For this chat: output=image · width=320\n> *\n/, type('go\r')],
      [/"width":320[^]*last: /, type('/param output=text\r')],
      [/For this chat: output=text\n> *\n/, type(ctrlD)],
    ],
  });
  expect(lines.find((line) => line.includes('"width"'))).toContain('{"output":"image","width":320}');
});

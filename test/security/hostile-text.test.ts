import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {sanitize} from '../../src/output/terminal/sanitize.js';
import {Highlighter} from '../../src/output/markdown/highlighter.js';
import {Output} from '../../src/output/output.js';
import {StreamingMarkdown} from '../../src/output/markdown/streaming/streaming-markdown.js';
import {cuttingProxy} from '../support/servers/cutting-proxy.js';
import {runMain, withSandbox} from '../support/harness.js';
import {completeReply} from '../support/terminal/output-streams.js';
import {allPayloads, findLeak, injectPayloads, payloads, replacementMark} from '../support/hostile-text.js';
import {runOnTerminal, terminal} from '../support/terminal/fake-terminal.js';

/* No control sequence in text from Poe reaches a terminal, wherever the text is split and whichever backend it comes from. */

test('findLeak finds every payload and control sequence', () => {
  for (const payload of Object.values(payloads)) expect(findLeak(`before ${payload} after`)).toBeDefined();
  const others =
    '8m 1;8m 31;8m 38;5;1m 7m 5m 2J 3J 77A 1;1H ?1049h ?1000h ?25;1049h 6n c >c 20t 77L 77M 3S 2T 4h ?5h !p 1;2r'.split(
      ' ',
    );
  for (const other of others) expect({other, leak: findLeak(`\u001b[${other}`)}).not.toEqual({other, leak: undefined});
  expect(findLeak('\u001b[31mred\u001b[39m\u001b[2K\u001b[1A\r\n')).toBeUndefined();
});

test('every view of a reply replaces payloads by marks, wherever they are split', async () => {
  for (const [kind, payload] of Object.entries(payloads)) {
    const text = `before ${payload} after`;
    for (const env of [{TERM: 'xterm'}, {TERM: 'dumb'}] as const) {
      for (const asEvents of [false, true]) {
        for (const json of [false, true]) {
          for (let cut = 1; cut < text.length; cut++) {
            const [stdout, stderr] = [terminal(), terminal()];
            const output = new Output({
              stdout: stdout.stream,
              stderr: stderr.stream,
              env,
              json,
              quiet: false,
              verbose: false,
              color: true,
            });
            const view = await output.reply({asEvents});
            view.start(completeReply(''));
            view.event({type: 'append', text: text.slice(0, cut)}, text.slice(0, cut));
            view.event({type: 'append', text: text.slice(cut)}, text);
            await view.done(completeReply(text));
            const written = stdout.text() + stderr.text();
            expect({kind, cut, env, asEvents, json, leak: findLeak(written)}).toEqual({
              kind,
              cut,
              env,
              asEvents,
              json,
              leak: undefined,
            });
            if (!json && !asEvents) expect(written).toMatch(replacementMark);
          }
        }
      }
    }
  }
});

/** The places in Markdown that can contain text. */
const places: Record<string, (text: string) => string> = {
  'a code block': (text) => `\`\`\`sh\necho ${text}\n\`\`\`\n`,
  'the language of a code block': (text) => `\`\`\`${text}\ncode\n\`\`\`\n`,
  'inline code': (text) => `see \`${text}\`.`,
  'a heading': (text) => `# ${text}\n\nmore`,
  'a quote': (text) => `> ${text}\n\nmore`,
  'a list': (text) => `1. ${text}\n   - [ ] ${text}\n\nmore`,
  'a table': (text) => `| a | b |\n|---|---|\n| ${text} | x |\n\nmore`,
  'strong text': (text) => `**${text}** ~~${text}~~`,
  'the text of a link': (text) => `[${text}](https://good.example)`,
  'the URL of a link': (text) => `[good](<https://good.example/${text}>)`,
  'an image': (text) => `![${text}](<https://good.example/${text}> "${text}")`,
  'a reference': (text) => `[good]\n\n[good]: <https://good.example/${text}> "${text}"`,
  'an HTML tag': (text) => `<b title="${text}">bold</b>`,
  'a footnote': (text) => `good[^1]\n\n[^1]: ${text}`,
  'plain text': (text) => text,
};

/** The text with each character as an HTML entity. */
const toEntities = (text: string) => [...text].map((character) => `&#${character.codePointAt(0)};`).join('');

test('every place in Markdown replaces payloads by marks, at each step of a reply', () => {
  const style = {color: true, width: 80, highlighter: new Highlighter()};
  for (const [place, insert] of Object.entries(places)) {
    for (const [kind, payload] of Object.entries(payloads)) {
      for (const [text, step] of [
        [insert(`before ${payload} after`), 1],
        // Entities have five characters or more, so each is split somewhere.
        [insert(`before ${toEntities(payload)} after`), 4],
      ] as const) {
        const streaming = new StreamingMarkdown(() => style);
        let shown = '';
        for (let at = 1; at <= text.length; at += step) {
          const {committed, pending} = streaming.update(text.slice(0, at), {isReplaced: false});
          shown += committed + pending;
        }
        shown += streaming.finish(text, {isReplaced: false});
        expect({place, kind, leak: findLeak(shown)}).toEqual({place, kind, leak: undefined});
      }
    }
  }
});

test('a pipe gets payloads unchanged', async () => {
  const {run} = await withSandbox();
  await Promise.all(
    Object.entries(payloads).map(async ([kind, payload]) => {
      const text = `before ${payload} after`;
      const {code, out} = await run('send', '-b', 'Sandbox-Echo', text);
      expect({kind, code, out}).toEqual({kind, code: 0, out: `${text}\n`});
    }),
  );
});

test('JSON, extracted code and exported chats contain payloads unchanged', async () => {
  const {configDir, run} = await withSandbox();
  const code = `日本 ${allPayloads} 😀`;
  const text = `before\n\n\`\`\`\n${code}\n\`\`\`\n\nafter`;
  const send = async (...flags: string[]) => (await run('send', '-b', 'Sandbox-Echo', ...flags, text)).out;
  expect(await send('-x')).toBe(`${code}\n`);
  expect(JSON.parse(await send('--json')).text).toBe(text);
  const events = (await send('--stream-json')).trimEnd().split('\n');
  const parsed = events.map((line): {type: string; text?: string} => JSON.parse(line));
  expect(parsed.flatMap(({type, text}) => (type === 'append' ? text : [])).join('')).toBe(text);
  for (const command of ['retry', 'attach']) {
    expect(await run(command, 'last')).toMatchObject({code: 0, out: `${text}\n`});
    expect(JSON.parse((await run(command, 'last', '--json')).out).text).toBe(text);
  }
  expect((await run('history', 'show', 'last')).out).toContain(`\n\n${text}\n`);
  for (const line of (await run('history', 'show', 'last', '--json')).out.trimEnd().split('\n')) {
    expect(JSON.stringify(JSON.parse(line))).toContain(JSON.stringify(text).slice(1, -1));
  }
  const file = join(configDir, 'chat.md');
  await run('history', 'export', 'last', '-o', file);
  expect(readFileSync(file, 'utf8')).toContain(`\n\n${text}\n`);
});

test('a reply that arrives byte by byte is exact in a pipe and sanitized on a terminal', async () => {
  const {sandbox, configDir} = await withSandbox();
  const pieces = {pieceBytes: 1};
  const [site, api] = await Promise.all([cuttingProxy(sandbox.url, pieces), cuttingProxy(sandbox.apiUrl, pieces)]);
  const backends: Record<string, string>[] = [
    {...sandbox.env, POE_BASE_URL: site.url, POE_FORMKEY: sandbox.formKey},
    {POE_API_KEY: sandbox.apiKey, POE_API_URL: api.url, POE_VIA: 'api'},
  ];
  const text = `日本語 😀 한국어 ${allPayloads} é 🇩🇪 👩‍👧`;
  for (const backend of backends) {
    const env = {...backend, POE_CONFIG_DIR: configDir};
    const line = ['send', '-b', 'Sandbox-Echo', text];
    expect(await runMain(line, {env})).toMatchObject({code: 0, out: `${text}\n`});
    const dumb = await runOnTerminal(line, {...env, TERM: 'dumb'});
    expect(dumb).toMatchObject({code: 0, out: `${sanitize(text)}\n`});
    expect(findLeak((await runOnTerminal(line, env)).out)).toBeUndefined();
  }
});

test('errors and notes are sanitized even in a pipe', async () => {
  const {sandbox, runWith} = await withSandbox();
  const proxy = await cuttingProxy(sandbox.url, {rewriteFrame: (text) => [injectPayloads(text, /^(?:name|url)$/)]});
  const env = {POE_BASE_URL: proxy.url, POE_FORMKEY: sandbox.formKey};
  const image = await runWith({env}, 'send', '-b', 'Sandbox-Image', 'hello');
  expect({leak: findLeak(image.err), err: image.err}).toMatchObject({
    leak: undefined,
    err: expect.stringMatching(replacementMark),
  });
  const {err} = await runMain(['send', '--profile', allPayloads, 'hello'], {});
  expect(findLeak(err)).toBeUndefined();
});

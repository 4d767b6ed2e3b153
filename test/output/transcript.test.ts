import {Parser} from 'htmlparser2';
import * as v from 'valibot';
import {expect, test} from 'vitest';
import {Chat, Message} from '../../src/core/model.js';
import {localParts, localTranscript, transcript} from '../../src/output/transcript/transcript.js';
import {dateTime} from '../../src/output/format/time.js';
import {samples} from '../support/terminal/output-samples.js';
import {outputTo} from '../support/terminal/output-streams.js';

const micro = (iso: string) => Date.parse(iso) * 1000;

const chatOf = (fields: object = {}): Chat =>
  v.parse(Chat, {
    id: 'Q2hhdDox',
    chatId: 1,
    chatCode: '3ab4c5d6',
    title: 'Tea for two',
    lastInteractionTime: micro('2025-03-25T01:10:00Z'),
    defaultBotObject: {displayName: 'Gemini-2.0-Flash'},
    ...fields,
  });

const messageOf = (fields: object): Message =>
  v.parse(Message, {
    id: 'TQ==',
    messageId: 1,
    creationTime: micro('2025-03-25T01:04:59Z'),
    state: 'complete',
    ...fields,
  });

const messages = [
  messageOf({author: 'human', text: '# How long?\nGreen tea.'}),
  messageOf({
    author: 'gemini_2_flash',
    text: '**2 minutes.**\n\n```sh\nsleep 120\n```\n',
    bot: {displayName: 'Gemini_2 *Flash*'},
    attachments: [
      {name: 'a [tea] pot.png', url: 'https://files.example/a pot (1).png'},
      {name: 'lost.txt', url: null},
    ],
  }),
  messageOf({author: 'chat_break', text: ''}),
  messageOf({author: '', text: 'And black?', authorUser: {uid: 7}, creationTime: null}),
  messageOf({author: '', text: 'Four', bot: null}),
];

test('a chat as Markdown has a section for each message, with its exact text', async () => {
  expect(await transcript('md', chatOf(), messages)).toBe(`\
# Tea for two

Gemini-2.0-Flash · <https://poe.com/chat/3ab4c5d6> · 2025-03-25 01:10 UTC

## You · 2025-03-25 01:04 UTC

# How long?
Green tea.

## Gemini_2 \\*Flash\\* · 2025-03-25 01:04 UTC

**2 minutes.**

\`\`\`sh
sleep 120
\`\`\`


- [a \\[tea\\] pot.png](https://files.example/a%20pot%20%281%29.png)
- lost.txt

---

*Context cleared, 2025-03-25 01:04 UTC*

## You

And black?

## Gemini-2.0-Flash · 2025-03-25 01:04 UTC

Four
`);
});

test('a chat that is shown has local times', () => {
  const here = dateTime('2025-03-25T01:04:59Z');
  expect(localTranscript(chatOf(), messages)).toContain(`## You · ${here}\n`);
});

test('a chat with missing fields is exported', async () => {
  const bare = chatOf({title: null, chatCode: null, lastInteractionTime: null, defaultBotObject: null});
  expect(await transcript('md', bare, [messageOf({text: '', author: null, creationTime: null})])).toBe(
    '# Untitled chat\n\n## Bot\n',
  );
  expect(await transcript('html', bare, [])).toContain('<title>Untitled chat</title>');
});

test('the error message of a failed reply is exported', async () => {
  const failed = messageOf({author: 'bot', state: 'error_user_message_too_long', messageStateText: 'Too long.'});
  expect(await transcript('md', chatOf(), [failed])).toContain('\n\nToo long.\n');
  expect(await transcript('html', chatOf(), [failed])).toContain('<p>Too long.</p>');
});

test('Markdown in a title is escaped', async () => {
  const title = ' *a* _b_ c_d `e`\n[f](g) <h> &amp; #\u001b\\ 1. ## ';
  expect((await transcript('md', chatOf({title}), [])).split('\n')[0]).toBe(
    '# \\*a\\* \\_b\\_ c_d \\`e\\` \\[f\\](g) \\<h> \\&amp; #\u001b\\\\ 1. \\##',
  );
});

test('an unclosed code block does not include the messages after it', async () => {
  const broken = [
    messageOf({author: 'bot', text: 'Run\n\n````js\nconst a = 1;'}),
    messageOf({author: 'human', text: 'Go on'}),
  ];
  expect(await transcript('md', chatOf(), broken)).toContain('````js\nconst a = 1;\n````\n\n## You');
  const {output, out} = outputTo({columns: 80, rows: 100}, {color: true});
  await output.document(broken, () => localTranscript(chatOf(), broken), {markdown: true});
  expect(out()).toContain('\u001b[1mYou');
});

test('each message on a terminal ends where it ends', async () => {
  const broken = [
    messageOf({author: 'bot', text: '<!-- open'}),
    messageOf({author: 'bot', text: '$$\nopen'}),
    messageOf({author: 'human', text: 'Go **on**'}),
  ];
  const {output, out} = outputTo({columns: 80, rows: 100}, {color: true, quiet: true});
  await output.document(broken, () => localParts(chatOf({title: 'a\\b $c_d$'}), broken), {markdown: true});
  expect(out()).toContain('\u001b[1m\u001b[4ma\\b $c_d$');
  expect(out()).toContain('<!-- open\n\n\u001b[1mGemini');
  expect(out()).toContain('$$\nopen\n\n\u001b[1mYou');
  expect(out()).toContain('Go **on**\n');
});

test('what the user wrote is shown as it was written', async () => {
  const text = '#include <a>\n  int *a, *b;\n\n1. x\n1. y  \n\tz _a_ $b$ `c`\\';
  const question = [messageOf({author: 'human', text: `${text}\n${'word '.repeat(30)}`})];
  const {output, out} = outputTo({columns: 80, rows: 100}, {color: true, quiet: true});
  await output.document(question, () => localParts(chatOf(), question), {markdown: true});
  expect(out()).toContain(`\n\n${text.replace('y  ', 'y')}\nword `);
  expect(
    Math.max(
      ...out()
        .split('\n')
        .map(({length}) => length),
    ),
  ).toBeLessThanOrEqual(80);
  expect(await transcript('md', chatOf(), question)).toContain(`\n\n${text}\nword `);
  expect(await transcript('html', chatOf(), question)).toContain(
    '<p class="plain">#include &lt;a&gt;\n  int *a, *b;\n\n1. x\n1. y  \n\tz _a_ $b$ `c`\\\nword ',
  );
});

test('a chat on this machine has no URL', async () => {
  expect(await transcript('md', chatOf({chatCode: 'local-a1'}), [])).not.toContain('poe.com');
  expect(await transcript('html', chatOf({chatCode: 'local-a1'}), [])).not.toContain('poe.com/chat');
});

test('a chat as JSON contains the exact data of Poe', async () => {
  const exact = [...messages, messageOf({author: 'bot', text: '\u001b[2J\u0000\u202e"\\\r\n</script>\u2028'})];
  const json = await transcript('json', chatOf(), exact);
  expect(JSON.parse(json)).toEqual({chat: chatOf(), messages: exact});
  expect(json).toMatch(/^\{\n {2}"chat": \{\n {4}"id"/);
  expect(json).toMatch(/\n\}\n$/);
});

test('a chat as HTML shows authors, times and texts', async () => {
  const html = await transcript('html', chatOf(), messages);
  expect(html).toContain('<title>Tea for two</title>');
  expect(html).toContain('<h1 dir="auto">Tea for two</h1>');
  expect(html).toContain(
    `<article class="yours">
<header><h2><bdi>You</bdi></h2><time datetime="2025-03-25T01:04:59.000Z">2025-03-25 01:04 UTC</time></header>
<div class="text" dir="auto">
<p class="plain"># How long?
Green tea.</p>
</div>
</article>`,
  );
  expect(html).toContain('<article>\n<header><h2><bdi>Gemini_2 *Flash*</bdi></h2>');
  expect(html).toContain(
    '<p><strong>2 minutes.</strong></p>\n<pre data-language="sh"><code><span class="cyan">sleep</span> <span class="cyan">120</span></code></pre>',
  );
  expect(html).toContain('href="https://files.example/a%20pot%20(1).png"');
  expect(html).toContain('<li><bdi>lost.txt</bdi></li>');
  expect(html).toContain('<span>Context cleared · <time');
});

test('HTML renders Markdown', async () => {
  expect(await body('a\nb  \nc &amp; &copy; &#60; <br>')).toBe('<p>a<br>\nb<br>\nc &amp; © &lt; &lt;br&gt;</p>');
  expect(await body('3. a\n4. b\n   - [x] c\n   - [ ] d')).toBe(
    '<ol start="3">\n<li>a</li>\n<li>b<ul>\n<li>☑ c</li>\n<li>☐ d</li>\n</ul></li>\n</ol>',
  );
  expect(await body('- a\n\n- [x] b')).toBe('<ul>\n<li><p>a</p></li>\n<li><p>☑ b</p></li>\n</ul>');
  expect(await body('|a|b|c|\n|-|-:|:-:|\n|`x`|1|~~2~~|')).toBe(
    '<div class="table"><table>\n<tr><th>a</th><th class="right">b</th><th class="center">c</th></tr>\n' +
      '<tr><td><code>x</code></td><td class="right">1</td><td class="center"><del>2</del></td></tr>\n</table></div>',
  );
  expect(await body('> *q*\n\n---\n\n###### h')).toBe(
    '<blockquote>\n<p><em>q</em></p>\n</blockquote>\n<hr>\n<h6>h</h6>',
  );
});

test('HTML has the links that are defined elsewhere in the text', async () => {
  const to = (url: string, text: string) => `<a href="${url}" rel="noopener noreferrer nofollow">${text}</a>`;
  const text =
    '[one][1], [two] and ![three][]\n\n[1]: https://a.example/1 "T"\n[two]: <https://a.example/2>\n[three]: /3';
  expect(await body(text)).toBe(
    `<p>${to('https://a.example/1', 'one')}, ${to('https://a.example/2', 'two')} and three</p>`,
  );
  expect(await body('[x][1]\n\n[1]: javascript:alert(1)')).toBe('<p>x</p>');
});

test('only web and mail links become links, and images become links', async () => {
  const link = (href: string, words: string) =>
    `<p><a href="${href}" rel="noopener noreferrer nofollow">${words}</a></p>`;
  expect(await body('[*x*](https://a.example/?b=1&amp;c=2 "t")')).toBe(
    link('https://a.example/?b=1&amp;c=2', '<em>x</em>'),
  );
  expect(await body('<me@a.example>')).toBe(
    link('mailto:me@a.example', 'me@a.example').replace('<a ', '&lt;<a ').replace('</a>', '</a>&gt;'),
  );
  expect(await body('![a cat](http://a.example/c.png)')).toBe(link('http://a.example/c.png', 'a cat'));
  expect(await body('[![a cat](http://a.example/c.png)](https://b.example)')).toBe(link('https://b.example/', 'a cat'));
  expect(await body('![](https://a.example/c.png)')).toBe(link('https://a.example/c.png', 'image'));
  for (const url of [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'javascript&colon;alert(1)',
    'javascript&#58;alert(1)',
    '&#106;avascript:alert(1)',
    'java&Tab;script:alert(1)',
    'vbscript:x',
    'data:text/html,x',
    'blob:https://a.example/x',
    'file:///etc/passwd',
    'ftp://a.example',
    '//a.example/x',
    '/x',
    '#x',
  ]) {
    expect(await body(`[x](${url})`), url).toBe('<p>x</p>');
    expect(await body(`![x](<${url}>)`), url).toBe('<p>x</p>');
  }
});

/** The HTML of a text. */
async function body(text: string): Promise<string> {
  const html = await transcript('html', chatOf(), [messageOf({author: 'bot', text})]);
  return /<div class="text" dir="auto">\n(.*?)\n<\/div>\n<\/article>/s.exec(html)?.[1] ?? '';
}

const hostileTexts = [
  '<script>alert(1)</script>',
  '</style><script>alert(1)</script>',
  '</div></article></main><script>alert(1)</script>',
  '--><script>alert(1)</script><!--',
  '<img src=x onerror=alert(1)>',
  '<code><img src=x onerror=alert(1) ',
  '<pre>\n<img src=x onerror=alert(1)\n</pre',
  'a <kbd><svg onload=alert(1) ',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<meta http-equiv="refresh" content="0;url=https://evil.example">',
  '<link rel=stylesheet href=https://evil.example/x.css>',
  '<base href="https://evil.example/">',
  '<form action=https://evil.example><input name=x></form>',
  '<a href="javascript:alert(1)">x</a>',
  '&lt;script&gt;alert(1)&lt;/script&gt; &#60;script&#62;alert(1)&#60;/script&#62;',
  '![x](https://evil.example/beacon.png)',
  '![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)',
  '![" onerror="alert(1)](https://a.example/x" onerror="alert(1))',
  '[x](https://a.example/" onmouseover="alert(1))',
  "[x](<https://a.example/' onmouseover='alert(1)>)",
  '[x](javascript:alert(1)) <javascript:alert(1)> javascript:alert(1)',
  '[x][1] ![x][1]\n\n[1]: javascript:alert(1) "\\" onmouseover=alert(1)"',
  '```"><script>alert(1)</script>\n</code></pre><script>alert(1)</script>\n```',
  '```x" onmouseover="alert(1)\n```',
  '`</code><script>alert(1)</script>`',
  '    </code></pre><script>alert(1)</script>',
  '# <script>alert(1)</script>\n\n> <img src=x>\n\n- <img src=x>\n\n| <img src=x> | b |\n|-|-|\n| </table><script>1</script> | c |',
  '\u0000<\u0000script>alert(1)</\u0000script>',
  '<style>@import "https://evil.example/x.css"</style>',
  '<div style="background:url(https://evil.example/x)">x</div>',
  '<![CDATA[<script>alert(1)</script>]]> <?xml?> <!doctype x>',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
  '\ud800<script>\udc00',
  `${'>'.repeat(20_000)} <script>alert(1)</script>`,
  ...Object.values(samples),
];

const tags: Record<string, readonly string[]> = {
  html: ['lang'],
  head: [],
  meta: ['charset', 'http-equiv', 'content', 'name'],
  title: [],
  style: [],
  body: [],
  header: [],
  main: [],
  article: ['class'],
  h1: ['dir'],
  h2: [],
  div: ['class', 'dir'],
  span: ['class'],
  bdi: [],
  time: ['datetime'],
  a: ['href', 'rel'],
  p: ['class'],
  ul: ['class'],
  ol: ['start'],
  pre: ['data-language'],
  th: ['class'],
  td: ['class'],
  ...Object.fromEntries(
    ['h3', 'h4', 'h5', 'h6', 'li', 'code', 'blockquote', 'hr', 'br', 'strong', 'em', 'del', 'table', 'tr'].map(
      (tag) => [tag, []],
    ),
  ),
};

test('no text of a chat can run a script, load anything or break out of its element', async () => {
  for (const text of hostileTexts) {
    const html = await transcript(
      'html',
      chatOf({title: text, chatCode: text, defaultBotObject: {displayName: text}}),
      [
        messageOf({author: 'human', text, attachments: [{name: text, url: text}]}),
        messageOf({
          author: 'bot',
          text,
          bot: {displayName: text},
          attachments: [{name: text, url: `https://a.example/${text}`}],
        }),
        messageOf({author: text, text}),
      ],
    );
    const seen = {style: 0, script: 0, article: 0};
    let depth = 0;
    const parser = new Parser({
      onopentag(name, attributes) {
        depth += 1;
        if (name in seen) seen[name as keyof typeof seen] += 1;
        expect(Object.keys(tags), text).toContain(name);
        for (const attribute of Object.keys(attributes)) expect(tags[name], text).toContain(attribute);
        if (name === 'a') expect(attributes.href, text).toMatch(/^(?:https?:\/\/|mailto:)/);
        if (name === 'meta')
          expect(attributes['http-equiv'] ?? 'Content-Security-Policy').toBe('Content-Security-Policy');
      },
      onclosetag() {
        depth -= 1;
      },
      oncomment() {
        expect.unreachable(text);
      },
    });
    parser.end(html);
    expect(seen, text).toEqual({style: 1, script: 0, article: 3});
    expect(depth).toBe(0);
  }
});

test('a content security policy blocks everything else', async () => {
  const html = await transcript('html', chatOf(), messages);
  const policy = html.indexOf(`content="default-src 'none'; style-src 'unsafe-inline'`);
  expect(policy).toBeGreaterThan(0);
  expect(policy).toBeLessThan(html.indexOf('<title>'));
  expect(html).not.toMatch(/@import|url\(|src=/);
});

test('an exported chat is exact in a pipe, and rendered and sanitized on a terminal', async () => {
  const hostile = [messageOf({author: 'bot', text: '**bold** \u001b[2J'})];
  const piped = outputTo();
  await piped.output.document(hostile, () => transcript('md', chatOf(), hostile), {markdown: true});
  expect(piped.out()).toBe(await transcript('md', chatOf(), hostile));
  const shown = outputTo({columns: 80, rows: 100});
  await shown.output.document(hostile, () => transcript('md', chatOf(), hostile), {markdown: true});
  expect(shown.out()).toContain('\n\nbold ␛[2J\n');
  const plain = outputTo({columns: 80, rows: 100});
  await plain.output.document(hostile, () => '**bold** \u001b[2J');
  expect(plain.out()).toBe('**bold** ␛[2J\n');
  const data = outputTo(undefined, {json: true});
  await data.output.document(hostile, () => expect.unreachable());
  expect(data.out()).toBe(`${JSON.stringify(hostile)}\n`);
});

import {expect, test} from 'vitest';
import {renderMarkdown} from '../../../src/output/markdown/render-markdown.js';

const plain = (markdown: string, width = 80) => renderMarkdown(markdown, {color: false, width});
const styled = (markdown: string) => renderMarkdown(markdown, {color: true, width: 80});

const styles = /\u001b\[\d+m/g;

test('without color there are no escape sequences', () => {
  expect(plain('# A *title*\n\n**bold** _it_ ~~not~~ `code` &amp; \\*\nnext line\n\n***')).toBe(
    `# A title\n\nbold it ~~not~~ \`code\` & *\nnext line\n\n${'─'.repeat(40)}\n`,
  );
});

test('with color, headings are bold and code is cyan, line by line', () => {
  expect(styled('# T\n## U')).toBe('\u001b[1m\u001b[4mT\u001b[24m\u001b[22m\n\n\u001b[1mU\u001b[22m\n');
  expect(styled('**a\nb** `c`')).toBe('\u001b[1ma\u001b[22m\n\u001b[1mb\u001b[22m \u001b[36mc\u001b[39m\n');
});

test('a link that imitates another host shows its real host', () => {
  for (const [url, host] of [
    ['https://аpple.com/login', 'xn--pple-43d.com'],
    ['https://日本語.jp', 'xn--wgv71a119e.jp'],
    ['https://ｇood.example', 'good.example'],
    ['https://good.example@evil.example/x', 'evil.example'],
    ['https://good.example:pass@evil.example', 'evil.example'],
    ['https://%65vil.example', 'evil.example'],
    ['http://2130706433/', '127.0.0.1'],
    ['https://good.example\u00ad.evil.example', 'good.example.evil.example'],
  ]) {
    expect(plain(`[good](<${url}>)`)).toBe(`good (${url?.replace('\u00ad', '\ufffd')} → ${host})\n`);
  }
  expect(plain('<https://日本語.jp/a>')).toBe('https://日本語.jp/a → xn--wgv71a119e.jp\n');
  for (const url of [
    'https://Good.example/?q=a@b',
    'https://good.example:8080',
    'mailto:a@b.example',
    '/x@y',
    'javascript:alert(1)',
  ]) {
    expect(plain(`[good](<${url}>)`)).toBe(`good (${url})\n`);
  }
});

test('links and images show their URLs', () => {
  expect(plain('[my bank](https://evil.example "Bank")')).toBe('my bank (https://evil.example)\n');
  expect(plain('[https://bank.example](https://evil.example)')).toBe('https://bank.example (https://evil.example)\n');
  expect(plain('<https://a.example> https://b.example www.c.example me@d.example')).toBe(
    'https://a.example https://b.example www.c.example me@d.example\n',
  );
  expect(plain('![a cat](https://i.example/c.png) ![](https://i.example/d.png)')).toBe(
    'a cat (https://i.example/c.png) image (https://i.example/d.png)\n',
  );
  expect(plain('[text][1]\n\n[1]: https://e.example "T"')).toBe('[text][1]\n\n[1]: https://e.example "T"\n');
});

test('code is not indented or changed, even in a list', () => {
  expect(plain('```py\ndef f():\n\treturn 1\n\n\nf()\n\n```')).toBe('def f():\n\treturn 1\n\n\nf()\n');
  expect(styled('```py\nx = 1\n```')).toBe('\u001b[2mpy\u001b[22m\nx = 1\n');
  expect(plain('1. Run\n   ```\n   npm test\n   ```\n2. Wait')).toBe('1. Run\n\nnpm test\n\n2. Wait\n');
});

test('lists keep their numbers, checkboxes and levels', () => {
  expect(plain('3. a\n4. b\n   - c\n     d\n   - [ ] e\n   - [x] f\n')).toBe(
    '3. a\n4. b\n   - c\n     d\n   - [ ] e\n   - [x] f\n',
  );
  expect(plain('0. a\n\n1. b\n\n   more')).toBe('0. a\n\n1. b\n\n   more\n');
  expect(plain('-\n- x')).toBe('-\n- x\n');
});

test('quotes keep their markers', () => {
  expect(plain('> a\n> > b\n>\n> - c')).toBe('> a\n>\n> > b\n>\n> - c\n');
});

test('HTML is shown unchanged', () => {
  expect(plain('<div>\n<b>a</b>\n</div>\n\nx <br> <script>y</script>')).toBe(
    '<div>\n<b>a</b>\n</div>\n\nx <br> <script>y</script>\n',
  );
});

test('control characters are sanitized, even those written as entities', () => {
  const hidden = ['\u001b[2J', '&#27;[2J', '&#x1b;]0;t&#7;', '\u009b2J', '&#155;2J', '&#8238;', '\u202e', '&#13;'];
  for (const hostile of hidden) {
    const markdown = [
      `text ${hostile} **${hostile}** \`${hostile}\` ~~${hostile}~~ \\${hostile}`,
      `# ${hostile}`,
      `[${hostile}](https://e.example/${hostile} "${hostile}") [x](<${hostile}>) ![${hostile}](${hostile}) <https://e.example/${hostile}>`,
      `\`\`\`${hostile}\n${hostile}\n\`\`\``,
      `- [x] ${hostile}\n- ${hostile}`,
      `> ${hostile}`,
      `| ${hostile} | b |\n|---|---|\n| ${hostile} | c |`,
      `<div title="${hostile}">\n\n<b ${hostile}>`,
      `    ${hostile}`,
      `[${hostile}]: ${hostile}`,
    ].join('\n\n');
    const dangerous = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/;
    expect(styled(markdown).replaceAll(styles, '')).not.toMatch(dangerous);
    expect(plain(markdown)).not.toMatch(dangerous);
  }
});

test('the output ends with one newline, and empty text has no output', () => {
  for (const nothing of ['', '\n', ' \n\n', '\r\n']) expect(plain(nothing)).toBe('');
  for (const text of ['a', 'a\n\n\n', '```\na\n\n\n```\n', '<div>\n\n', '# a\n\n', '- a\n\n\n', '|a|\n|-|\n\n'])
    expect(plain(text)).toMatch(/[^\n]\n$/);
});

test('deeply nested Markdown is shown unformatted', () => {
  const deep = `${'>'.repeat(20_000)} deep`;
  expect(plain(deep)).toBe(`${deep}\n`);
});

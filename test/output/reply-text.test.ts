import {expect, test} from 'vitest';
import {renderMarkdown} from '../../src/output/markdown/render-markdown.js';
import {expectUnchanged, page, plain, styled} from '../support/shown-markdown.js';

/* What a bot writes must not lose or gain characters on the screen or in an exported page. */

test('formulas that are not simple are shown as they were written', () => {
  for (const formula of [
    String.raw`The area is \(\uppi r^2\), and \(\mathtt_1 * b_1 + a_2 * b_2\).`,
    String.raw`\[ x^{*} = \widehat{y}_{i} * z_{i} \]`,
    String.raw`So \[\x = 1\] and \[\y = *2*\].`,
    String.raw`Here $\x_1 * y_1$ and $$\x_{i} *a_i*$$ and $\x\{1, 2\}$ are given.`,
    String.raw`$\E = mc^2$, where $\c$ is constant: ($\a_b$) and ($\c_d$).`,
    String.raw`A matrix $\begin{pmatrix} a & b \\ c & d \end{pmatrix}$.`,
    String.raw`\begin{cases} 1 & x_1 \\ 2 & x_2 \end{cases}`,
    String.raw`\{a \mid b\} \\ c`,
    String.raw`As GitHub writes it: $${'`'}a_b*c_d*\x${'`'}$.`,
  ])
    expectUnchanged(formula);
});

test('a formula of several lines is shown as it was written, whatever its lines look like', () => {
  for (const formula of [
    '$$\n\\x\n= y\n- z_{1}\n+ *w*\n> 0\n# 1\n$$',
    '\\[\n\\x = 1 \\\\\n- y\n\\]',
    '\\begin{align*}\n\\x &= b_1 \\\\\n- c &= d_1\n\\end{align*}',
  ]) {
    expectUnchanged(formula);
    expect(plain(`Text:\n${formula}\nMore *text*.`)).toBe(`Text:\n\n${formula}\n\nMore text.`);
    expect(plain(`- Item\n\n  ${formula.replaceAll('\n', '\n  ')}\n`)).toBe(
      `- Item\n\n  ${formula.replaceAll('\n', '\n  ')}`,
    );
  }
  expect(plain('$$\n\nis *money* in\n\n$$')).toBe('$$\n\nis money in\n\n$$');
  expect(plain('\\[\nis *open*\n\nand ends')).toBe('[\nis open\n\nand ends');
});

test('amounts of money and products are no formulas and no emphasis', () => {
  for (const text of [
    'cost: $5*3 and $4*2',
    'It costs $5, or $6 with *',
    'from $1 to $2 and back to $3',
    '2*3*4 = 24',
    '3*x + 4*y and x*2 + y*3',
    'a price of $5',
    '$HOME/*.txt',
  ])
    expectUnchanged(text);
  expect(styled('between $5 and $6 *there* is room')).toBe('between $5 and $6 <3 there> is room');
  expect(styled('*2* and **2*3** and *a*b')).toBe('<3 2> and <1 2*3> and <3 a>b');
  expect(plain(String.raw`\$5 and \$6`)).toBe('$5 and $6');
});

test('escapes that only Markdown needs lose their backslash', () => {
  expect(plain(String.raw`\*a\* \_b\_ \# \[c\](d) 1\. \- \> \| \~ \<e\> \&amp; ${'\\`f\\`'}`)).toBe(
    '*a* _b_ # [c](d) 1. - > | ~ <e> &amp; `f`',
  );
});

test('a single tilde never strikes out, two do', () => {
  for (const text of ['age(1~3)', '3~5天，7~9天', '20~30°C', '~5 min (~10 at most)', '~a~', 'a ~b~ c', '~/a and ~/b'])
    expectUnchanged(text);
  expect(styled('~~gone~~ 3~~天~~5')).toBe('<9 gone> 3<9 天>5');
  expect(plain('~~gone~~')).toBe('~~gone~~');
  expect(page('~~gone~~')).toBe('<del>gone</del>');
});

test('deleted text keeps its tildes where the terminal cannot strike it out', () => {
  expect(renderMarkdown('~~gone~~ **b**', {color: true, width: 80, canStrike: false})).toBe(
    '~~gone~~ \u001b[1mb\u001b[22m\n',
  );
});

test('emphasis ends at punctuation also in Chinese, Japanese and Korean', () => {
  expect(styled('**注意：**这是重点，含**「重点」**内容')).toBe('<1 注意：>这是重点，含<1 「重点」>内容');
  expect(styled('**Markdown（マークダウン）**は')).toBe('<1 Markdown（マークダウン）>は');
  expect(styled('**마크다운(Markdown)**은 *이것*')).toBe('<1 마크다운(Markdown)>은 <3 이것>');
  expect(styled('**bold:**text')).toBe('<1 bold:>text');
  expect(page('**注意：**这是')).toBe('<strong>注意：</strong>这是');
});

test('a code span in a table may contain the border of a cell', () => {
  expect(plain('| code | means |\n|--|--|\n| `x || y` | or |\n| `a \\| b` | bar |')).toBe(
    [
      '┌──────────┬───────┐',
      '│ code     │ means │',
      '├──────────┼───────┤',
      '│ `x || y` │ or    │',
      '│ `a | b`  │ bar   │',
      '└──────────┴───────┘',
    ].join('\n'),
  );
  expect(plain('> | `a|b` | c |\n> |--|--|\n> | ``d|`e`` | f |')).toBe(
    ['> ┌──────────┬───┐', '> │ `a|b`    │ c │', '> ├──────────┼───┤', '> │ ``d|`e`` │ f │', '> └──────────┴───┘'].join(
      '\n',
    ),
  );
  expect(page('| a | b |\n|-|-|\n| `x || y` | or |')).toContain('<td><code>x || y</code></td><td>or</td>');
});

test('a row with a single backtick in each of two cells keeps its cells', () => {
  expect(plain('| a | b | c |\n|-|-|-|\n| ` | ` | x |')).toContain('│ ` │ ` │ x │');
});

test('a row with more cells than columns keeps them in its last cell', () => {
  const table = '| a | b |\n|---|---|\n| 1 | 2 | 3 | `4|5` |\n| 6 | 7 |';
  expect(plain(table)).toContain('│ 1 │ 2 | 3 | `4|5` │\n│ 6 │ 7             │');
  expect(page(table)).toContain('<td>2 | 3 | <code>4|5</code></td>');
  expect(plain('| a | b | c |\n|---|---|\n')).toBe('| a | b | c |\n|---|---|');
});

test('code with bars and backticks outside of a table is shown as it was written', () => {
  expect(plain('```\n| a | b |\n|--|--|\n| `x | y` |\n```\n\n`a | b` and | c')).toBe(
    '| a | b |\n|--|--|\n| `x | y` |\n\n`a | b` and | c',
  );
});

test('a line break in a cell breaks the line', () => {
  const table = '| a | b |\n|--|--:|\n| one<br>two<BR /> three | 4 |\n| `<br>` | 5<br>6 |';
  expect(plain(table)).toBe(
    [
      '┌────────┬───┐',
      '│ a      │ b │',
      '├────────┼───┤',
      '│ one    │ 4 │',
      '│ two    │   │',
      '│ three  │   │',
      '├────────┼───┤',
      '│ `<br>` │ 5 │',
      '│        │ 6 │',
      '└────────┴───┘',
    ].join('\n'),
  );
  expect(plain(table, 10)).toBe('a: one\n  two\n  three\nb: 4\n\na: `<br>`\nb: 5\n  6');
  expect(page(table)).toContain('<td>one<br>\ntwo<br>\n three</td><td class="right">4</td>');
  expect(plain('x <br> y')).toBe('x <br> y');
});

test('a URL ends where Chinese or Japanese text begins, and no host is made up', () => {
  for (const text of [
    '见 https://example.com，然后',
    '见https://example.com。',
    '（https://example.com/a_b_c）と',
    'https://example.com/a?b=c&d=*e*を見る',
  ])
    expectUnchanged(text);
  const link = (url: string) => `<a href="${url}" rel="noopener noreferrer nofollow">${url}</a>`;
  expect(page('见https://example.com/a，然后')).toBe(`见${link('https://example.com/a')}，然后`);
});

test('a URL ends before what belongs to the sentence', () => {
  const ends = (text: string) => [...styled(text).matchAll(/<4 ([^>]*)>/g)].map(([, url]) => url);
  expect(ends('See https://a.example/x_(y). Or (https://b.example/_c_d), "https://d.example"!')).toEqual([
    'https://a.example/x_(y)',
    'https://b.example/_c_d',
    'https://d.example',
  ]);
  expect(ends('**https://a.example** *http://b.example/* ~~ftp://c.example~~ &quot;https://d.example&quot;')).toEqual([
    'https://a.example',
    'http://b.example/',
    'ftp://c.example',
    'https://d.example',
  ]);
  expect(ends('[https://a.example](https://b.example) [x](https://c.example/d_e_)')).toEqual([
    'https://b.example',
    'https://c.example/d_e_',
  ]);
  expect(ends('https://münchen.example/straße?q=1#z')).toEqual(['https://münchen.example/straße?q=1#z']);
  expect(ends('main.py README.md 1.5.3.md os.name script.py:12 a@b.example xhttps://c :// https:// http')).toEqual([]);
});

test('names of characters are replaced, whatever their number', () => {
  expect(plain('&copy; &eacute; &hellip; &mdash; &rarr; &nbsp;| &ngE; &lt;b&gt; &amp;amp; &unknown; &copy')).toBe(
    '© é … — → \u00a0| ≧̸ <b> &amp; &unknown; &copy',
  );
  expect(plain('`&copy;` &#8364; &#x20AC; [a](https://a.example/?b&amp;c)')).toBe(
    '`&copy;` € € a (https://a.example/?b&c)',
  );
});

test('a numbered list keeps its numbers and its sign', () => {
  expect(plain('9) a\n10) b\n    - c')).toBe('9) a\n10) b\n    - c');
  expect(plain('1. a\n1. b\n1. c')).toBe('1. a\n2. b\n3. c');
  expect(page('10) a\n11) b')).toBe('<div class="bracket">\n<ol start="10">\n<li>a</li>\n<li>b</li>\n</ol>\n</div>\n');
});

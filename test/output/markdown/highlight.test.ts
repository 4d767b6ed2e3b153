import {expect, test} from 'vitest';
import {renderDocument} from '../../../src/output/markdown/render-document.js';
import {Highlighter} from '../../../src/output/markdown/highlighter.js';
import {renderMarkdown} from '../../../src/output/markdown/render-markdown.js';
import {StreamingMarkdown} from '../../../src/output/markdown/streaming/streaming-markdown.js';
import {findLeak, payloads} from '../../support/hostile-text.js';

const styles = /\u001b\[\d+m/g;

/** Replaces escape sequences by readable marks: `<35 const>`. */
const withMarks = (text: string) => text.replaceAll(/\u001b\[(\d+)m([^\u001b]*)\u001b\[\d+m/g, '<$1 $2>');

async function colored(markdown: string): Promise<string> {
  return renderDocument(markdown, {color: true, width: 80});
}

test('keywords, strings, numbers and comments in code have colors', async () => {
  expect(withMarks(await colored('```js\nconst a = "b"; // c\nreturn 42;\n```'))).toBe(
    '<2 js>\n<35 const> a = <32 "b">; <2 // c>\n<35 return> <36 42>;\n',
  );
  expect(withMarks(await colored('~~~Python title="x"\ndef f(a):\n    return None\n~~~'))).toBe(
    '<2 Python title="x">\n<35 def> f(a):\n    <35 return> <35 None>\n',
  );
  expect(withMarks(await colored('```diff\n-old\n+new\n same\n```'))).toBe('<2 diff>\n<31 -old>\n<32 +new>\n same\n');
});

test('code without a known language has no colors', async () => {
  expect(await colored('```\nconst a = 1;\n```')).toBe('const a = 1;\n');
  expect(withMarks(await colored('```klingon\nconst a = 1;\n```'))).toBe('<2 klingon>\nconst a = 1;\n');
  expect(withMarks(await colored('```constructor\nconst a = 1;\n```'))).toBe('<2 constructor>\nconst a = 1;\n');
  expect(withMarks(await colored('- Run\n\n  ```sh\n  echo "a"\n  ```'))).toBe('- Run\n\n<2 sh>\n<36 echo> <32 "a">\n');
});

test('YAML keys keep their color after a block of text', async () => {
  const yaml =
    '- run: |-\n    echo "a: b" # no comment\n    key: text\n  name: x\n- |\n  key: text\n- url: https://a.example/#b # c\n';
  expect(withMarks(await colored(`\`\`\`yaml\n${yaml}\`\`\``))).toBe(
    '<2 yaml>\n- <36 run>: <32 |->\n    echo "a: b" # no comment\n    key: text\n  <36 name>: x\n' +
      '- <32 |>\n  key: text\n- <36 url>: https://a.example/#b <2 # c>\n',
  );
});

test('# is no comment within a word of a shell command', async () => {
  const shell = 'curl https://a.example/#b # c\necho $# "#d" ${e#f} g#h;# i\n# j\n';
  expect(
    withMarks(await colored(`\`\`\`sh\n${shell}\`\`\``))
      .split('\n')
      .slice(1),
  ).toEqual(['<36 curl> https://a.example/#b <2 # c>', expect.stringContaining('g#h;<2 # i>'), '<2 # j>', '']);
});

test('text in JSX is no code, and closing tags have the color of opening ones', async () => {
  const jsx = `return (\n  <p className="a">\n    Don't use // "this" for {count} <b>words</b>\n  </p>\n);\nconst a = b < c;\n`;
  const expected =
    `<35 return> (\n  <<35 p> <36 className>=<32 "a">>\n    Don't use // "this" for {count} <<35 b>>words</<35 b>>\n` +
    '  </<35 p>>\n);\n<35 const> a = b < c;\n';
  for (const language of ['jsx', 'js', 'tsx'])
    expect(withMarks(await colored(`\`\`\`${language}\n${jsx}\`\`\``))).toBe(`<2 ${language}>\n${expected}`);
});

/** Code with constructs of several lines, and broken code. */
const samples: Record<string, string> = {
  js: '/* one\n\n   two */ const a = `text\n${b} more\n`;\n\n\nif (a) {\n\treturn /re"/g; // end\n}\n',
  ts: 'interface A<T> {\n  b: Promise<T>;\n}\nexport type C = keyof typeof d;\n@dec() class E {}\n',
  json: '{"a": [1, true, null],\n "b": "c"}\n',
  py: 'def f():\n    """One\n\n    two\n    """\n    return f"{x!r:>10} {y}"\n\n@d\nclass A: pass\n',
  sh: 'cat <<EOF | grep "a\nb"\nfor x in $y; do\nEOF\nx=$(echo "${y%%z}") # c\n',
  cpp: '#include <a>\n/* b\nc */ R"(d\ne)" int f() { return 0x1F; }\n',
  rust: 'fn f<\'a>(x: &\'a str) -> u8 { r#"a\nb"#; /* c /* d */ e */ 1_000u8 }\n',
  go: 'func f() string {\n\treturn `a\nb`\n}\n',
  html: '<!-- a\n\nb --><p class="c"\n  id=d>&amp;</p>\n',
  css: 'a:hover {\n  color: #fff; /* b\n c */\n}\n',
  sql: "SELECT * FROM a -- b\nWHERE c = 'd\ne' AND f > 1;\n",
  yaml: 'a: |\n  b\n  c\nd: [1, "e"] # f\n',
  toml: '[a]\nb = """c\nd"""\n',
  rb: '=begin\na\n=end\nx = <<~B\n  y #{z}\nB\n',
  diff: '--- a\n+++ b\n@@ -1 +1 @@\n-c\n+d\n',
  dockerfile: 'FROM a AS b\nRUN c \\\n  && d\n',
  ps1: '<# a\nb #>\nif ($x -eq "y") { Get-Item }\n',
  lua: '--[[ a\nb ]] local s = [[c\nd]]\n',
  tex: '\\begin{a} % b\n$c_{d}$\n\\end{a}\n',
};

test('highlighting does not change the code, in any language', async () => {
  const odd = 'a "b\n\'c\n`d\n/* e\n<!-- f\n"""g\n\\\n\t\n{{{{((((]]]]\n😀 日本語\n#!/x\n\n';
  for (const [language, code] of Object.entries(samples)) {
    for (const text of [code, odd, code.slice(0, -5), `${'x("'.repeat(5000)}\n${code}`]) {
      const markdown = `\`\`\`${language}\n${text}\n\`\`\`\n`;
      const plain = renderMarkdown(markdown, {color: false, width: 80});
      const shown = await colored(markdown);
      expect(shown.replaceAll(styles, ''), language).toBe(`${language}\n${plain}`);
    }
    expect(await colored(`\`\`\`${language}\n${code}\`\`\``), language).toMatch(/\u001b\[3[1256]m/);
  }
});

test('code that arrives in pieces has the same colors as complete code', async () => {
  const highlighter = new Highlighter();
  const style = {color: true, width: 80, highlighter};
  const markdown = Object.entries(samples)
    .map(([language, code]) => `\`\`\`${language}\n${code}\`\`\`\n\n\`\`\`\nconst plain = "${language}";\n\`\`\`\n\n`)
    .join('Text.\n\n');
  await highlighter.load(markdown);
  const whole = renderMarkdown(markdown, style);
  for (const step of [1, 7, 40, 300]) {
    const streaming = new StreamingMarkdown(() => style);
    let out = '';
    for (let end = step; end < markdown.length; end += step)
      out += streaming.update(markdown.slice(0, end), {isReplaced: false}).committed;
    expect(out + streaming.finish(markdown, {isReplaced: false}), `${step} characters at a time`).toBe(whole);
  }
});

test('highlighted code is sanitized', async () => {
  for (const [kind, payload] of Object.entries(payloads)) {
    for (const language of [...Object.keys(samples), payload, `js${payload}`]) {
      const shown = await colored(`\`\`\`${language}\n"${payload}" // ${payload}\n${payload}\n\`\`\``);
      expect(findLeak(shown), `${kind} in ${language}`).toBeUndefined();
    }
  }
});

test('code that is full of errors, nested too deeply or too long is not colored, and code after it is', async () => {
  const end = '\n```\n\n```js\nconst a = 1;\n```\n';
  const colors = async (code: string) => (await colored(`\`\`\`js\n${code}${end}`)).split('\n').slice(1, -3);
  const errors = '}])\n'.repeat(500);
  expect((await colors(errors)).join('\n').replaceAll(styles, '')).toBe(`${errors.trimEnd()}\n`);
  expect((await colors(`${errors}const b = 2;`)).join('')).not.toContain('\u001b[3');
  const deep = await colors(`${'f(1,\n'.repeat(150)}const b = 2;`);
  expect(deep[50]).toContain('\u001b[36m1');
  expect(deep[120]).toBe('f(1,');
  const long = await colors(`const a = 1;\n${'x'.repeat(600)}\nconst b = 2;`);
  expect(long.slice(0, 3)).toEqual([expect.stringContaining('\u001b[35mconst'), 'x'.repeat(600), 'const b = 2;']);
  expect(withMarks(await colored(`\`\`\`js\n${errors}${end}`))).toContain('\n<2 js>\n<35 const> a = <36 1>;\n');
});

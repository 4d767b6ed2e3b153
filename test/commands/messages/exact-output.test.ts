import {expect, test} from 'vitest';
import {withSandbox} from '../../support/harness.js';

/* In a pipe, a reply and the messages of a chat are what was written, byte for byte, with one line end if there is none. */

const texts = [
  'a\r\nb\r\n\tc  ',
  '  leading blanks, trailing blanks   ',
  '\u001b[31mred\u001b[0m \u0007 \u009b \u202e',
  'a\u00a0b \u200b \ufeff \u00ad \u2028 \u2029 \r x',
  '👨‍👩‍👧‍👦 🏳️‍🌈 e\u0301 مرحبا \u200f(API)\u200f 日本語',
  '~~~~\n```\nx\n```\n~~~~\n\n````md\n```js\na\n```\n````',
  '3. a\n2. b\n1. c\n\n+ d\n* e\n\n1. f\n1. g',
  'Title\n===\n\n---\n\n| a | b |\n|---|---|\n| $|x|$ | `c|d` |',
  '&amp; &copy; &#27; <b>x</b><br> \\*a\\* \\\\ \\( \\pi \\) $x$ $5*3 **b** __init__',
  '<details>\n<summary>s</summary>\n\nx\n</details>\n\n[^1]: note\n[a]: https://a.example',
];

test.each(texts)('a reply in a pipe and in the history is exact, text %#', async (text) => {
  const {run, runWith, sandbox} = await withSandbox();
  const key = {POE_API_KEY: sandbox.apiKey};
  for (const options of [[], ['--via', 'api']])
    expect(await runWith({stdin: text, env: key}, 'send', '-q', '-b', 'Sandbox-Echo', ...options)).toEqual({
      code: 0,
      out: `${text}\n`,
      err: '',
    });
  expect((await run('history', 'show', 'last')).out).toContain(`\n\n${text.trimEnd()}`);
  const messages = (await run('history', 'show', 'last', '--json')).out.trimEnd().split('\n');
  expect(messages.map((line) => (JSON.parse(line) as {text: string}).text)).toEqual([text, text]);
});

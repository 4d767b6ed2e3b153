/** Markdown of all kinds by name, also malformed. */
export const samples: Record<string, string> = {
  answer: `# Sorting

Here is **how** it works, see [the docs](https://example.com/a_(b)) or <https://example.org>:

1. Install it:

   \`\`\`sh
   npm install   thing
   \`\`\`
2. Run it
   - with \`--fast\`
   - or *not*

## Code

\`\`\`ts
const one = 1;


function two() {
\treturn 2;
}

\`\`\`
Text right after.

| Name | Value |
|:-----|------:|
| one | 1 |
| **two** | \`2\` |

> A quote
> of two lines

- [x] done
- [ ] open

***

The end, with a note[^1] and [a reference][ref].

[ref]: https://example.com/ref "Title"
[^1]: A footnote.
`,
  windows: 'One\r\nline\r\n\r\n- a\r\n- b\r\n\r\n```\r\ncode\r\n\r\nmore\r\n```\r\n\r\nEnd\r\n',
  setext: 'Title\n===\ntext\n\nSub\n---\n\nnot a title\n\n---\n\na\nb\n===\nc\n',
  lists:
    '- a\n- b\n\n\n- c\n\n  para in c\n\n  - d\n    - e\n* other\n+ third\n\n1) x\n1) y\n\npara\n- tight\n# head\n- b\nlazy\n\n\nend',
  fences:
    '~~~~\n```\nin\n```\n~~~\n~~~~\n```js\na\n\n\n\nb\n```\n\n```\n```\n\n   ```\n    x\n   y\n   z\n   ```\n\ntext\n```open\n1\n2\n\n3\n\n',
  html: '<div>\n<p>hi</p>\n\n</div>\n\n<!-- a\n\nb -->\n\n<details><summary>S</summary>\n\ntext <b>bold</b><br>x\n\n</details>\n\n<pre>\na\n\nb\n</pre>\nafter\n',
  quotes: '> a\nlazy\n\n> b\n> > c\n>\n> ```\n> code\n> ```\n\n> - x\n> - y\n\nend\n',
  tables:
    'intro\n| a | b |\n|---|---|\n| 1 | 2 |\nnot | cell\n\nx | y\n--|--\n`a|b` | c\n# h\n| lone |\n|---|\n\n\ntext\n',
  odd: '\n\n   \n#\n#tag\n####### seven\n    indented\n\n\n    code\ntext\\\nbreak  \nbreak\n* * *\n- - -\n_a_ __b__ ~~c~~ ***d***\n\n&lt;x&gt; &#27;[31m &amp;\n\n[a]: <b> "c"\n"title"\n\n\\# no\n\n',
  controls:
    'a\u001b[2J\n\n`b\u0007`\n\n```x\u001b]0;t\u0007\n\u001b[8m\n\rc\u2028d\ne\n```\n\n- \u009b2J\n\nend \ud83d',
};

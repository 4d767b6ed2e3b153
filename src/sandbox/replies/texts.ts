/** A long text with every kind of Markdown. */
export const longMarkdown = `# A short guide to tea

Tea is the most popular drink after water. This guide is **long on purpose**: it contains *every* kind of Markdown, so
that you can see how a program shows it.

## What you need

1. Fresh water
   - soft, if possible
   - never boiled twice
     - or it tastes flat
2. A pot
   - warmed with a little hot water
   - large enough for the leaves to open
3. Tea
   1. black
   2. green
   3. white

- [x] kettle
- [ ] thermometer
- [ ] patience

## How hot, how long

| Kind   | Water (°C) | Minutes | Second brew |
| :----- | ---------: | :-----: | ----------- |
| Black  |        100 |   3–5   | no          |
| Oolong |         90 |    3    | yes         |
| Green  |         75 |    2    | yes         |
| White  |         70 |   4–6   | yes, longer |

> Water is the mother of tea, a teapot its father,
> and fire the teacher.
>
> > A quotation in a quotation,
> > to test nesting.

### A timer in Python

\`\`\`python
import time


def brew(kind: str) -> None:
    """Wait as long as this kind of tea wants."""
    minutes = {"black": 4, "green": 2, "white": 5}[kind]
    for left in range(minutes * 60, 0, -1):
        print(f"\\r{left // 60}:{left % 60:02}", end="")
        time.sleep(1)
    print("\\nReady.")
\`\`\`

### The same in TypeScript

\`\`\`ts
const minutes = {black: 4, green: 2, white: 5} as const;

export async function brew(kind: keyof typeof minutes): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, minutes[kind] * 60_000));
  console.log(\`Your \${kind} tea is ready.\`);
}
\`\`\`

And in a shell, where \`sleep\` is enough:

\`\`\`sh
sleep 240 && printf '\\a%s\\n' "Tea is ready"
\`\`\`

A block without a language that contains a fence:

~~~~
\`\`\`
not code, but a picture of code
\`\`\`
~~~~

## Further reading

See [the page on tea](https://en.wikipedia.org/wiki/Tea "Tea"), or <https://example.com/tea?kind=green&cups=2>.
A picture: ![A cup of tea](https://example.com/cup.png)

Inline formatting: \`code with a \\\` in it\`, ~~struck out~~, **bold with *emphasis* inside**, a line with a hard\\
break, and an escaped \\*star\\*. A footnote[^1].

[^1]: Not every program supports these.

---

### An HTML page

\`\`\`html
<!doctype html>
<title>Tea timer</title>
<button onclick="setTimeout(() => alert('Ready'), 240000)">Brew</button>
\`\`\`

### Formulas

The heat needed for a litre of water, in joules: $Q = m c \\Delta T = 1 \\cdot 4186 \\cdot 80$

$$
Q \\approx 335\\,\\text{kJ}
$$

#### Other scripts

- 日本語: お茶をどうぞ。
- العربية: تفضل بعض الشاي.
- Emoji: 🍵 👩🏽‍🍳 🇯🇵

##### Finally

Pour, wait, and *do not hurry*.
`;

/** A short text with a table, code and a list, like many replies. */
export const shortMarkdown = `It depends on the **kind**, and a little on the water:

| Tea   | Water | Minutes |
| :---- | ----: | ------: |
| Black | 100 °C |       4 |
| Green |  75 °C |       2 |
| White |  70 °C |       5 |

A few lines of Python can wait for you:

\`\`\`python
import time

def brew(kind: str) -> None:
    """Wait as long as this kind of tea wants."""
    minutes = {"black": 4, "green": 2, "white": 5}[kind]
    time.sleep(minutes * 60)  # no hurry
    print(f"Your {kind} tea is ready.")
\`\`\`

The taste grows like $c \\le c_0 \\cdot \\sqrt{t}$, so twice the taste takes four times as long:

- Pour at once: leaves that stay in turn *bitter*.
- Second brew? Add a minute.
`;

/** Control sequences that a terminal must not receive: colors, clipboard, a misleading link, C1 controls, bidi, overwriting. */
export const controlSequences = [
  'Colors: \u001B[31mred\u001B[0m and \u001B[2J\u001B[Hcleared.',
  'Clipboard: \u001B]52;c;cm0gLXJmIH4=\u0007 must not change.',
  'Link: \u001B]8;;https://evil.example/\u001B\\https://poe.com\u001B]8;;\u001B\\ is a misleading link.',
  'Title: \u001B]0;owned\u0007 of the window.',
  'C1: \u009B31mred again\u009B0m, \u009D52;c;eA==\u009C, \u0090q\u009C.',
  'Bidi: safe\u202Egnp.exe\u202C and \u2066isolated\u2069.',
  'Overwritten: the truth\rOverwritten: a lie!!',
  'Backspaces: abc\b\b\bxyz and a bell\u0007 and a null\u0000.',
  'Device: \u001B[6n\u001B[c\u001BP+q544e\u001B\\ requests a response.',
  'The end.',
].join('\n');

/** A text with two small web apps. */
export const apps = `Here are two small apps.

\`\`\`html
<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Counter</title></head>
<body>
<button onclick="this.textContent = Number(this.textContent) + 1">0</button>
</body>
</html>
\`\`\`

The second one shows the time.

\`\`\`html
<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Clock</title></head>
<body>
<p id="time"></p>
<script>setInterval(() => { time.textContent = new Date().toLocaleTimeString(); }, 1000);</script>
</body>
</html>
\`\`\`

Open them in a browser.`;

/** A text with code in two languages. */
export const code = `In Python it is one line:

\`\`\`python
def double(number):
    return number * 2


print(double(21))
\`\`\`

And in JavaScript:

\`\`\`js
const double = (number) => number * 2;

console.log(double(21));
\`\`\`

Both print 42.`;

/** A text with a script. */
export const script = `This script counts the words of files, or of its input:

\`\`\`sh
#!/bin/sh
cat "$@" | wc -w
\`\`\`

Make it executable with \`chmod +x\`.`;

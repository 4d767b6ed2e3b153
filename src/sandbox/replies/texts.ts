/** A long answer with every kind of Markdown. */
export const markdown = `# A short guide to tea

Tea is, after water, the drink that people drink most. This guide is **long on purpose**: it has *every* kind of
Markdown in it, so that a program which shows it can be looked at.

## What you need

1. Fresh water
   - soft, if there is a choice
   - never boiled twice
     - or the taste is flat
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
> > for those who like to nest.

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

A block that says no language, with a fence in it:

~~~~
\`\`\`
not code, but a picture of code
\`\`\`
~~~~

## Reading on

See [the page on tea](https://en.wikipedia.org/wiki/Tea "Tea"), or <https://example.com/tea?kind=green&cups=2>.
A picture: ![A cup of tea](https://example.com/cup.png)

Some inline things: \`code with a \\\` in it\`, ~~struck out~~, **bold with *emphasis* inside**, a line that is broken\\
by hand, and an escaped \\*star\\*. A footnote of sorts[^1].

[^1]: Not every program shows these.

---

### A page of HTML

\`\`\`html
<!doctype html>
<title>Tea timer</title>
<button onclick="setTimeout(() => alert('Ready'), 240000)">Brew</button>
\`\`\`

### Sums

The heat that a litre of water needs, in joules: $Q = m c \\Delta T = 1 \\cdot 4186 \\cdot 80$

$$
Q \\approx 335\\,\\text{kJ}
$$

#### Other scripts

- 日本語: お茶をどうぞ。
- العربية: تفضل بعض الشاي.
- Emoji: 🍵 👩🏽‍🍳 🇯🇵

##### In the end

Pour, wait, and *do not hurry*.
`;

/** A short answer such as bots like to give. */
export const sample = `It depends on the **kind**, and a little on the water:

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

- Pour at once: leaves that stay in turn *bitter*.
- Second brew? Add a minute.
`;

/** What a terminal must not obey: colours, the clipboard, a link that lies, C1 controls, reversed text, overwriting. */
export const nasty = [
  'Colours: \u001B[31mred\u001B[0m and \u001B[2J\u001B[Hcleared.',
  'Clipboard: \u001B]52;c;cm0gLXJmIH4=\u0007 was not yours.',
  'Link: \u001B]8;;https://evil.example/\u001B\\https://poe.com\u001B]8;;\u001B\\ looks honest.',
  'Title: \u001B]0;owned\u0007 of the window.',
  'C1: \u009B31mred again\u009B0m, \u009D52;c;eA==\u009C, \u0090q\u009C.',
  'Bidi: safe\u202Egnp.exe\u202C and \u2066isolated\u2069.',
  'Overwritten: the truth\rOverwritten: a lie!!',
  'Backspaces: abc\b\b\bxyz and a bell\u0007 and a null\u0000.',
  'Device: \u001B[6n\u001B[c\u001BP+q544e\u001B\\ asks for an answer.',
  'The end.',
].join('\n');

import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import {renderMarkdown} from '../../../src/output/markdown/render-markdown.js';
import {texToText} from '../../../src/output/markdown/tex/tex-to-text.js';
import {toHtml} from '../../../src/output/transcript/markdown-to-html.js';

const plain = (markdown: string) => renderMarkdown(markdown, {color: false, width: 80}).trimEnd();

const formulas: Record<string, string> = {
  [String.raw`\pi r^2`]: 'π r²',
  x_1: 'x₁',
  n: 'n',
  [String.raw`a \leq b`]: 'a ≤ b',
  [String.raw`a\leq5`]: 'a ≤ 5',
  [String.raw`\sqrt{2}`]: '√2',
  [String.raw`\sqrt{x+1}`]: '√(x+1)',
  [String.raw`\sqrt[3]{8} = 2`]: '∛8 = 2',
  [String.raw`x = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}`]: 'x = (-b ± √(b² - 4ac))/(2a)',
  [String.raw`\frac{1}{2}mv^2`]: '(1/2)mv²',
  [String.raw`2\frac{1}{2}`]: '2 1/2',
  [String.raw`\frac{a}{b}^2`]: '(a/b)²',
  [String.raw`\frac{\partial f}{\partial x}`]: '∂f/∂x',
  [String.raw`\text{speed} = \frac{\text{distance}}{\text{time}}`]: 'speed = distance/time',
  [String.raw`v_{\text{max}}`]: 'vₘₐₓ',
  [String.raw`e^{i\pi} + 1 = 0`]: 'e^(iπ) + 1 = 0',
  [String.raw`\sum_{i=1}^{n} i = \frac{n(n+1)}{2}`]: '∑ᵢ₌₁ⁿ i = n(n+1)/2',
  [String.raw`\int_0^1 x^2\,dx`]: '∫₀¹ x² dx',
  [String.raw`\lim_{x \to 0} \frac{\sin x}{x} = 1`]: 'lim_(x → 0) (sin x)/x = 1',
  [String.raw`\sin^2\theta + \cos^2\theta = 1`]: 'sin² θ + cos² θ = 1',
  [String.raw`O(n\log n)`]: 'O(n log n)',
  [String.raw`f'(x) = 2x`]: 'f′(x) = 2x',
  [String.raw`90^\circ`]: '90°',
  [String.raw`\mathbb{R}^n`]: 'ℝⁿ',
  [String.raw`x \in \{1, 2\}`]: 'x ∈ {1, 2}',
  [String.raw`\left(\frac{a}{b}\right)^2`]: '(a/b)²',
  [String.raw`\vec{F} = m\vec{a}`]: 'F\u20d7 = ma\u20d7',
  [String.raw`\pm 1`]: '±1',
  [String.raw`\alpha \to \beta`]: 'α → β',
  [String.raw`100\%`]: '100%',
};

test('a simple formula is shown as text, whatever its marks', () => {
  for (const [tex, text] of Object.entries(formulas)) {
    expect(plain(`Here: $${tex}$.`), tex).toBe(`Here: ${text}.`);
    expect(plain(`Here: \\(${tex}\\).`), tex).toBe(`Here: ${text}.`);
    expect(plain(`$$${tex}$$`), tex).toBe(text);
    expect(plain(`\\[\n${tex}\n\\]`), tex).toBe(text);
    expect(plain(`- **x** $${tex}$`), tex).toBe(`- x ${text}`);
  }
  expect(plain('$`a_1*b_1`$')).toBe('a₁*b₁');
  expect(plain('\\begin{aligned}\na &= b + c \\\\\n  &= d\n\\end{aligned}')).toBe('a = b + c\n= d');
});

test('a formula is changed completely or not at all', () => {
  for (const tex of [
    String.raw`x^2 + \unknown{y}`,
    String.raw`\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}`,
    String.raw`\binom{n}{k} + x^2`,
    'x^2^3',
    'x_{1',
    String.raw`\frac{1}`,
    String.raw`\sqrt[n]{x}`,
    String.raw`\text{a $b$}`,
    '{'.repeat(50) + 'x' + '}'.repeat(50),
    `x${'+x'.repeat(300)}`,
  ]) {
    expect(plain(`Here: \\(${tex}\\).`), tex).toContain('\\(');
    expect(texToText(`$$${tex}$$`), tex).toBeUndefined();
  }
});

test('amounts of money, variables of a shell and paths are not changed', () => {
  for (const text of [
    '$5*3 and $4*2',
    'It costs $5, or 5$ in cash.',
    'Pay $5 or x$ more',
    'from $5 a 10$ b',
    '$5$ and $2-3$ and $1,000$',
    'US$5 and A$7, C$x$y',
    'Set $HOME/bin:$PATH or $a/$b and "$x"-"$y"',
    'echo $i$j ${x}$y',
    'C:\\alpha\\beta and \\alpha',
    'between $20 and $30, $x and $y',
  ])
    expect(plain(text)).toBe(text);
});

test('exports have the source of formulas', () => {
  expect(toHtml('$x^2$ \\(\\pi\\)')).toBe('<p>$x^2$ \\(\\pi\\)</p>\n');
  expect(toHtml('$$\nx^2\n$$')).toContain('$$<br>\nx^2<br>\n$$');
});

test('no TeX makes the conversion fail or take long', () => {
  const part = fc.constantFrom(
    '\\frac',
    '{',
    '}',
    '^',
    '_',
    'x',
    '1',
    ' ',
    '\\',
    '\\sqrt',
    '[',
    ']',
    '(',
    ')',
    "'",
    '&',
    '\\\\',
    '\\left',
    '\\text',
    '\\alpha',
    '+',
    '\\hat',
    '日',
    '\\begin{aligned}',
    '\\end{aligned}',
  );
  fc.assert(
    fc.property(fc.array(part, {maxLength: 60}), (parts) => {
      const text = texToText(`\\[${parts.join('')}\\]`);
      if (text !== undefined) expect(text).not.toMatch(/\\|\p{Cc}(?<!\n)/u);
    }),
    {numRuns: 3000},
  );
});

import {expect, test} from 'vitest';
import {renderMarkdown} from '../../../src/output/markdown/render-markdown.js';
import {toHtml} from '../../../src/output/transcript/markdown-to-html.js';

/** Bold and italic, for the eye: `<1 bold>`, `<3 italic>`. */
const styled = (markdown: string) =>
  renderMarkdown(markdown, {color: true, width: 200})
    .replaceAll(/\u001b\[([13])m/g, '<$1 ')
    .replaceAll(/\u001b\[\d+m/g, '>')
    .replace(/\n$/, '');

const inPage = (markdown: string) =>
  toHtml(markdown)
    .replace(/^<p>(.*)<\/p>\n$/s, '$1')
    .replaceAll('&gt;', '>')
    .replaceAll('&lt;', '<')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');

/* Others show these texts without their marks. */
test.each([
  ['products and powers', 'a*b*c, n*(n-1)*(n-2), (x+1)*(y+1)*2, x**2 + y**2, (a)**2 + (b)**2, 2**3**2 and 3*x*y'],
  ['wildcards', 'src/*.ts and test/*.ts, a/*/b or c/*/d, src/**/*.ts and lib/**/*.ts, test_*.py or spec_*.py'],
  ['more wildcards', '*.txt in src/*, *.* or COPY *.*, D-*/R-*, "*" or "*", SELECT count(*) FROM a WHERE x*y'],
  ['pointers and arguments', 'int *a, *b; void f(char *s, char *t); f(*args, **kwargs) and g(*args, **kwargs)'],
  ['comments', '/* a */ x /* b */ and /** c */'],
  ['patterns', 'a.*b.*c and ^.*$ and .*foo.* and [^*]* and (.*)(.*)'],
  ['names with underscores', '__init__.py, the __init__ method, __name__ == "__main__", __FILE__ and _private_name'],
  ['blanks to fill in', 'Name: __________ Date: ____/____/____ or __/__/____'],
  ['words with letters left out', 'f**k and s**t, f***ing and s***ty, p****d and p****r'],
  ['faces', '^_^ and -_- and >_< and *_* and o_o and T_T'],
  ['required fields', 'Name (*) and mail (*) and Price* and Tax*'],
])('%s are no emphasis', (_name, text) => {
  expect(styled(text)).toBe(text);
  expect(inPage(text)).toBe(text);
});

test('a power or a product within bold words does not end them', () => {
  expect(styled('**Note: 2**10 is 1024** and **Area: x**2 + y**2** end')).toBe(
    '<1 Note: 2**10 is 1024> and <1 Area: x**2 + y**2> end',
  );
  expect(styled('*Note: a*b is a product* here')).toBe('<3 Note: a*b is a product> here');
  expect(styled('**a*b** and **n*(n-1)**')).toBe('<1 a*b> and <1 n*(n-1)>');
});

test('emphasis as people write it is emphasis', () => {
  for (const [markdown, expected] of [
    [
      '**S**pecific and *M*easurable, pho**to**graphy, **cloud service**s',
      '<1 S>pecific and <3 M>easurable, pho<1 to>graphy, <1 cloud service>s',
    ],
    [
      '***both***, _**both**_, **bold with *italic* words**',
      '<3 <1 both>>, <3 <1 both>>, <1 bold with <3 italic> words>',
    ],
    ['**src/**: sources in *dist/* and *his*/*her*', '<1 src/>: sources in <3 dist/> and <3 his>/<3 her>'],
    [
      '"*a*" (*b*) *(c)* “*d*” \'_e_\' _"f"_ *g*, *h*. **10**px',
      '"<3 a>" (<3 b>) <3 (c)> “<3 d>” \'<3 e>\' <3 "f"> <3 g>, <3 h>. <1 10>px',
    ],
    [
      '**Key:** value, **Key**: value, **Default:**: none, **[?]** and **?**',
      '<1 Key:> value, <1 Key>: value, <1 Default:>: none, <1 [?]> and <1 ?>',
    ],
    ['_one_._other_ latest-_name_ and __two words__', '<3 one>.<3 other> latest-<3 name> and <1 two words>'],
  ] as const)
    expect(styled(markdown)).toBe(expected);
});

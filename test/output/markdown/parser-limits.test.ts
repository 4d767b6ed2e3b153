import {expect, test} from 'vitest';
import {BlockRenderer} from '../../../src/output/markdown/block-renderer.js';
import {renderMarkdown} from '../../../src/output/markdown/render-markdown.js';
import {parsing} from '../../../src/output/markdown/syntax/context.js';
import {parseBlocks} from '../../../src/output/markdown/syntax/parse-blocks.js';
import {withSandbox} from '../../support/harness.js';
import {runOnTerminal} from '../../support/terminal/fake-terminal.js';
import {finalScreen} from '../../support/terminal/screen-lines.js';

/** The number of steps that the parser takes for a text. */
function stepsFor(text: string): number {
  const context = parsing(text);
  new BlockRenderer({color: true, width: 80}, context).render(parseBlocks(text, context));
  return context.limits.steps;
}

const plain = (text: string) => renderMarkdown(text, {color: false, width: 80, wrap: 'none'});

/** Starts of texts, and what is repeated after them. Other parsers need time that grows with the square of the length. */
const structures: Record<string, [start: string, repeated: string]> = {
  'a log in a list item': ['- Log\n', '  12:00:01 [INFO] *started*\n'],
  'a long quote': ['', '> a **line** of a quote\n'],
  'a quote of lazy lines': ['> start\n', 'a lazy line\n'],
  'a table': ['| a | b |\n|---|---|\n', '| `one` | *two* |\n'],
  'a table that is never finished': ['', '| a | b \n'],
  'the starts of tables': ['', '| a | b |\n|---|---|\n\n'],
  'a list': ['', '- item\n'],
  'nested lists': ['', '- one\n  - two\n    - three\n'],
  'nested quotes': ['', '> > > a\n'],
  'unclosed emphasis': ['', '*a **b _c '],
  'unclosed links': ['', '[a](b '],
  'unclosed brackets': ['', '['],
  'unclosed code': ['', '`a ``b '],
  'unclosed HTML': ['', '<a b="c '],
  'unclosed comments': ['', '<!-- a '],
  'unclosed formulas': ['', '\\( a $b '],
  'unclosed formulas in lines': ['', '\\[\n'],
  URLs: ['', 'https://a.example/b_c '],
};

test('the parser takes steps in proportion to the length of a text, whatever its structure', () => {
  for (const [name, [start, repeated]] of Object.entries(structures)) {
    const steps = (length: number) => stepsFor(start + repeated.repeat(length / repeated.length));
    const [one, two, four] = [steps(1000), steps(2000), steps(4000)];
    expect(two, name).toBeLessThanOrEqual(2.2 * one + 20);
    expect(four, name).toBeLessThanOrEqual(2.2 * two + 20);
  }
});

test('a text that takes too many steps is shown as it was written from there on', () => {
  const dense = '- a\n'.repeat(5000);
  expect(stepsFor(dense)).toBeLessThan(20_000);
  expect(plain(dense)).toBe(dense);
  const words = `${'**a** '.repeat(1100)}end`;
  expect(plain(`${words}\n\n**b**\n`)).toBe(`${words}\n\nb\n`);
});

test('a table with too many cells is shown as it was written', () => {
  const table = `${'|a'.repeat(300)}|\n${'|-'.repeat(300)}|\n${`${'|b'.repeat(300)}|\n`.repeat(100)}`;
  expect(plain(`${table}\n**c**\n`)).toBe(`${table}\nc\n`);
});

test('lists and quotes are nested up to a depth that people write', () => {
  const nested = (depth: number) => `${'> '.repeat(depth)}*deep*\n\n*end*\n`;
  expect(plain(nested(40))).toBe(`${'> '.repeat(40)}deep\n\nend\n`);
  expect(plain(nested(60))).toBe(`${'> '.repeat(60)}*deep*\n\nend\n`);
  const lists = (depth: number) => Array.from({length: depth}, (_, level) => `${'  '.repeat(level)}- *a*\n`).join('');
  expect(plain(lists(20))).toBe(lists(20).replaceAll('*', ''));
  expect(plain(lists(40))).toBe(lists(40));
});

test('a reply with a code fence of any length is shown, by send and by history show', async () => {
  const {sandbox, configDir} = await withSandbox();
  const env = {...sandbox.env, POE_CONFIG_DIR: configDir, NO_COLOR: '1', PAGER: 'cat'};
  const fence = '`'.repeat(40_000);
  const sent = await runOnTerminal(['send', '-q', '-b', 'Sandbox-Echo', `${fence}\ncode\n${fence}\n\nEnd`], env);
  expect(sent).toMatchObject({code: 0, err: ''});
  expect(await finalScreen(sent.out)).toContain('code\n\nEnd\n');
  const shown = await runOnTerminal(['history', 'show', 'last'], env);
  expect(shown.code).toBe(0);
  expect(shown.out).toContain('code\n\nEnd\n');
});

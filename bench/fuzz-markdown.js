// Renders random Markdown of all kinds of structures, and reports what takes longer than 50 ms, fails, or loses words.
// Run by hand: node bench/fuzz-markdown.js [runs] [seed]

import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import * as fc from 'fast-check';
import {rolldown} from 'rolldown';

const runs = Number(process.argv[2] ?? 500);
const seed = Number(process.argv[3] ?? Date.now() % 1e9);
const limitMs = 50;

const folder = mkdtempSync(join(tmpdir(), 'poe-fuzz-'));
const bundle = await rolldown({
  input: {
    render: 'src/output/markdown/render-markdown.ts',
    blocks: 'src/output/markdown/streaming/blocks.ts',
    highlighter: 'src/output/markdown/highlighter.ts',
    html: 'src/output/transcript/markdown-to-html.ts',
    streaming: 'src/output/markdown/streaming/streaming-markdown.ts',
  },
  platform: 'node',
  logLevel: 'silent',
});
await bundle.write({dir: folder, format: 'esm'});
await bundle.close();
const load = (name) => import(pathToFileURL(join(folder, `${name}.js`)).href);
const {renderMarkdown, renderUnfinished} = await load('render');
const {openFence, parseGrowing, splitText} = await load('blocks');
const {Highlighter} = await load('highlighter');
const {toHtml} = await load('html');
const {StreamingMarkdown} = await load('streaming');

const languages = ['js', 'ts', 'tsx', 'json', 'yaml', 'sh', 'py', 'html', 'css', 'cpp', 'rust', 'sql', 'diff'];
const highlighter = new Highlighter();
await highlighter.load(languages.map((name) => `\`\`\`${name}`).join('\n'));
const options = {color: true, width: 80, highlighter};

const containers = ['> ', '>', '- ', '* ', '+ ', '1. ', '10) ', '  ', '    ', '\t', '- [ ] ', ''];
const blocks = [
  ...'# ###### === --- *** | |a|b| |-|-| |:-:|--:| ``` ~~~ ````js <div> </div> <!-- --> <pre> <? <script>'.split(' '),
  ...String.raw`$$ \[ \] \begin{a} \end{a}`.split(' '),
  ...languages.map((name) => `\`\`\`${name}`),
  '# ',
  '| `a|b` | c |',
  '[a]: b',
  '[^1]: c',
  '',
];
const inlines = [
  ...'* ** *** _ __ ~ ~~ ` `` [ ] ]( ![ ) ][a] < > <br> &amp; & &#27; | ! " \' ( { } /* // # : 2*3*4 ~5~'.split(' '),
  ...String.raw`\ \( \) \\ $ $x$ :// https://a.example/_b_(c) www. a@b.c`.split(' '),
  ...'日本語。 **注意：** 😀 é'.split(' '),
  '<a b="',
  'א\u200f',
  '\u202e',
  ' ',
  '\u0000',
  '\u001b[2J',
  '\ud800',
];
const ends = ['\n', '\n\n', '\r\n', '\r', '\u2028', '  \n', '\\\n', '\n   \n', ' '];

const piece = fc.oneof(
  {weight: 3, arbitrary: fc.constantFrom(...containers)},
  {weight: 3, arbitrary: fc.constantFrom(...blocks)},
  {weight: 5, arbitrary: fc.constantFrom(...inlines)},
  {weight: 2, arbitrary: fc.constantFrom('word', 'some more words', 'x')},
  {weight: 4, arbitrary: fc.constantFrom(...ends)},
);
const unit = fc.array(piece, {minLength: 1, maxLength: 8}).map((pieces) => pieces.join(''));
/** A start, units that are repeated up to the size, and an end. */
const document = fc
  .record({
    start: unit,
    units: fc.array(unit, {minLength: 1, maxLength: 3}),
    end: unit,
    size: fc.integer({min: 10, max: 16}),
    isMixed: fc.boolean(),
  })
  .map(({start, units, end, size, isMixed}) => {
    const length = 2 ** size;
    let text = start;
    for (let index = 0; text.length < length; index += 1)
      text += isMixed ? units[(index * 7 + (index >> 2)) % units.length] : units[0];
    return text.slice(0, length) + end;
  });

const calls = {
  render: (text) => renderMarkdown(text, options),
  'render unfinished': (text) => renderUnfinished(parseGrowing(text), options),
  'split text': (text) => splitText(text),
  'open fence': (text) => openFence(text),
  html: (text) => toHtml(text),
  'one update': (text) => new StreamingMarkdown(() => options).update(text, {isReplaced: false}),
};

/** The CPU time of a call, in milliseconds: the smallest of several. */
function cpuOf(call, text) {
  let smallest = Infinity;
  for (let run = 0; run < 5 && smallest > limitMs / 2; run += 1) {
    const start = process.cpuUsage();
    call(text);
    smallest = Math.min(smallest, process.cpuUsage(start).user / 1000);
  }
  return smallest;
}

const slowest = {};
const problems = [];
let count = 0;
for (const text of fc.sample(document, {numRuns: runs, seed})) {
  count += 1;
  for (const [name, call] of Object.entries(calls)) {
    try {
      const ms = cpuOf(call, text);
      if (!(slowest[name]?.ms >= ms)) slowest[name] = {ms, text};
      if (ms > limitMs) problems.push(`${name} took ${ms.toFixed(0)} ms for ${describe(text)}`);
    } catch (error) {
      problems.push(`${name} failed with ${String(error)} for ${describe(text)}`);
    }
  }
  const lost = lostWords(text, calls.render(text));
  if (lost !== undefined) problems.push(`lost ${lost} of ${describe(text)}`);
}

/** How many letters of a text are not shown, if that is more than half of them. Marks, names and entities are not. */
function lostWords(text, shown) {
  const letters = (value) => value.replaceAll(/\u001b\[\d+m/g, '').replaceAll(/[^a-z日本語注意é😀]/gu, '');
  const [before, after] = [letters(text.replaceAll('&amp;', '')), letters(shown)];
  return after.length < before.length * 0.5 ? `${before.length - after.length} of ${before.length} letters` : undefined;
}

function describe(text) {
  return `${text.length} characters: ${JSON.stringify(text.slice(0, 100))} … ${JSON.stringify(text.slice(-40))}`;
}

rmSync(folder, {recursive: true});
console.log(`${count} documents, seed ${seed}`);
for (const [name, {ms, text}] of Object.entries(slowest))
  console.log(`${name}: at most ${ms.toFixed(1)} ms, ${describe(text)}`);
for (const problem of problems.slice(0, 20)) console.log(problem);
if (problems.length > 0) console.log(`${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;

import type {Example, Manual, Page, Term} from './pages.js';

/** The manual as the page docs/commands.md. */
export function markdownManual({chapters, commonOptions}: Manual): string {
  const lines = [
    '# Commands',
    '',
    'Every command of poe, made from the program itself. `poe help <command>` tells the same in a terminal. Wherever a chat is',
    'wanted, its number, its code, its address and `last` are good; bots go by their handles, in any letter case.',
    '',
    ...chapters.flatMap(({title, pages}) => [
      `- ${title}: ${pages.map(({name}) => `[${shortName(name)}](#${anchor(name)})`).join(', ')}`,
    ]),
    '',
    ...chapters.flatMap(({title, pages}) => [`## ${title}`, '', ...pages.flatMap(pageLines)]),
    '## Options of every command',
    '',
    ...table('option', commonOptions),
    '',
  ];
  return lines.join('\n');
}

const shortName = (name: string) => name.replace(/^\S+ /, '');
const anchor = (name: string) => name.replaceAll(' ', '-');

function pageLines({name, usage, description, arguments: slots, options, examples, notes}: Page): string[] {
  return [
    `### ${name}`,
    '',
    '```',
    usage,
    '```',
    '',
    ...paragraphs(description),
    ...(slots.length > 0 ? [...table('argument', slots), ''] : []),
    ...(options.length > 0 ? [...table('option', options), ''] : []),
    ...(notes ? paragraphs(notes) : []),
    ...exampleLines(examples),
  ];
}

/** Paragraphs as they are; lines that are indented are code. */
function paragraphs(text: string): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split(/\n{2,}/)) {
    for (const part of paragraph.split(/(?<=^ {2}.*\n)(?! {2})|(?<=^\S.*\n)(?= {2})/m)) {
      const said = part.trimEnd();
      if (said.startsWith('  ')) lines.push('```', ...said.split('\n').map((line) => line.slice(2)), '```', '');
      else lines.push(said.replaceAll('\n', ' '), '');
    }
  }
  return lines;
}

function exampleLines(examples: readonly Example[]): string[] {
  if (examples.length === 0) return [];
  const lines = examples.map(({command, comment}) => (comment ? `${command}    # ${comment}` : command));
  return ['```sh', ...lines, '```', ''];
}

/** A table as prettier leaves it. */
function table(title: string, terms: readonly Term[]): string[] {
  const rows = terms.map(({term, description}) => [`\`${term}\``, cell(description)] as const);
  const widths = [
    Math.max(title.length, ...rows.map(([term]) => term.length)),
    Math.max(3, ...rows.map(([, text]) => text.length)),
  ];
  const line = (first: string, second: string) =>
    `| ${first.padEnd(widths[0] ?? 0)} | ${second.padEnd(widths[1] ?? 0)} |`;
  return [
    line(title, ''),
    `| ${'-'.repeat(widths[0] ?? 0)} | ${'-'.repeat(widths[1] ?? 0)} |`,
    ...rows.map(([term, text]) => line(term, text)),
  ];
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');

import type {Manual, Page, Term} from './pages.js';

/** What a manual page tells besides the commands. */
export interface Surroundings {
  environment: readonly Term[];
  exitCodes: readonly Term[];
  files: readonly Term[];
}

/** The manual as the page poe(1), in the macros of man(7). */
export function manPage({description, chapters, commonOptions}: Manual, about: Surroundings): string {
  const pages = chapters.flatMap(({pages}) => pages);
  const lines = [
    '.\\" Made from the program itself; see docs/layout.md.',
    '.TH POE 1 "" "poe" "User Commands"',
    '.SH NAME',
    'poe \\- Poe.com in the terminal',
    '.SH SYNOPSIS',
    '.B poe',
    '.RI [ message ...]',
    '.br',
    '.B poe',
    '.I command',
    '.RI [ argument ...]',
    '.RI [ options ]',
    '.SH DESCRIPTION',
    text(description),
    'Without a command, the words are a message that is sent.',
    'Wherever a chat is wanted, its number, its code, its address and',
    '.B last',
    'are good; bots go by their handles, in any letter case.',
    '.SH COMMANDS',
    ...chapters.flatMap(({title, pages}) => [`.SS ${text(title)}`, ...pages.flatMap(commandLines)]),
    '.SH OPTIONS',
    'Every command takes these.',
    ...termLines(commonOptions),
    '.SH ENVIRONMENT',
    ...termLines(about.environment),
    '.SH EXIT STATUS',
    ...termLines(about.exitCodes),
    '.SH FILES',
    ...termLines(about.files),
    '.SH EXAMPLES',
    '.nf',
    ...pages.flatMap(({examples}) => examples.map(({command}) => text(command))),
    '.fi',
    '.SH SEE ALSO',
    'https://poe.com, https://creator.poe.com/docs',
  ];
  return `${lines.join('\n')}\n`;
}

function commandLines({usage, description, arguments: slots, options}: Page): string[] {
  const [command = '', ...rest] = usage.split(/ (?=[<[])/);
  return [
    '.TP',
    `.B ${text(command)}${rest.length > 0 ? ` \\fR${text(rest.join(' '))}` : ''}`,
    ...description.split('\n').flatMap(lineOrTable),
    ...(slots.length + options.length > 0 ? ['.RS', ...termLines([...slots, ...options]), '.RE'] : []),
  ];
}

const termLines = (terms: readonly Term[]): string[] =>
  terms.flatMap(({term, description}) => ['.TP', `.B ${text(term)}`, ...description.split('\n').map(line)]);

/** Lines that are indented stay as they are. */
const lineOrTable = (said: string) => (said.startsWith('  ') ? ['.nf', text(said.trimEnd()), '.fi'] : [line(said)]);

/** An empty line means something else to roff. */
const line = (said: string) => (said.trim() === '' ? '.sp' : text(said.trim()));

/** A text that roff takes for nothing but text. */
const text = (said: string): string =>
  said
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('"', '\\(dq')
    .replace(/^(['.])/, '\\&$1')
    .replaceAll('…', '...')
    .replaceAll('→', '\\(->');

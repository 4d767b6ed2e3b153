import type {Parser} from '@lezer/common';
import type {Code} from './code.js';
import type {LineParser} from './line-code.js';

/** Loads a language. @returns its code at the start of a block */
type Load = () => Promise<Code>;

type LoadLineParser = () => Promise<LineParser>;

/** The languages whose code must be parsed as a whole, under the names that bots write after a fence. */
const treeLanguages: readonly [names: string, load: Load][] = [
  ['js javascript jsx mjs cjs node', async () => script('jsx')],
  ['ts typescript mts cts', async () => script('ts')],
  ['tsx', async () => script('jsx ts')],
  ['json jsonc json5 jsonl', async () => data((await import('@lezer/json')).parser)],
  ['yaml yml', async () => data((await import('@lezer/yaml')).parser)],
];

async function script(dialect: string): Promise<Code> {
  const [{TreeCode}, {parser}] = await Promise.all([import('./tree-code.js'), import('@lezer/javascript')]);
  return new TreeCode(parser.configure({dialect}));
}

async function data(parser: Parser): Promise<Code> {
  const {TreeCode} = await import('./tree-code.js');
  return new TreeCode(parser, {hasColoredKeys: true});
}

/** All other languages. */
const lineLanguages: readonly [names: string, load: LoadLineParser][] = [
  ['py python python3', async () => (await import('@codemirror/legacy-modes/mode/python')).python],
  ['sh bash shell zsh', async () => (await import('./shell.js')).shell],
  ['c h', async () => (await import('@codemirror/legacy-modes/mode/clike')).c],
  ['cpp c++ cc cxx hpp', async () => (await import('@codemirror/legacy-modes/mode/clike')).cpp],
  ['cs csharp c#', async () => (await import('@codemirror/legacy-modes/mode/clike')).csharp],
  ['java', async () => (await import('@codemirror/legacy-modes/mode/clike')).java],
  ['kotlin kt', async () => (await import('@codemirror/legacy-modes/mode/clike')).kotlin],
  ['scala', async () => (await import('@codemirror/legacy-modes/mode/clike')).scala],
  ['dart', async () => (await import('@codemirror/legacy-modes/mode/clike')).dart],
  ['objc objective-c objectivec', async () => (await import('@codemirror/legacy-modes/mode/clike')).objectiveC],
  ['rs rust', async () => (await import('@codemirror/legacy-modes/mode/rust')).rust],
  ['go golang', async () => (await import('@codemirror/legacy-modes/mode/go')).go],
  ['rb ruby', async () => (await import('@codemirror/legacy-modes/mode/ruby')).ruby],
  ['sql mysql sqlite', async () => (await import('@codemirror/legacy-modes/mode/sql')).mySQL],
  ['postgres postgresql pgsql', async () => (await import('@codemirror/legacy-modes/mode/sql')).pgSQL],
  ['css', async () => (await import('@codemirror/legacy-modes/mode/css')).css],
  ['scss', async () => (await import('@codemirror/legacy-modes/mode/css')).sCSS],
  ['less', async () => (await import('@codemirror/legacy-modes/mode/css')).less],
  ['html', async () => (await import('@codemirror/legacy-modes/mode/xml')).html],
  ['xml svg', async () => (await import('@codemirror/legacy-modes/mode/xml')).xml],
  ['toml', async () => (await import('@codemirror/legacy-modes/mode/toml')).toml],
  ['ini properties env', async () => (await import('@codemirror/legacy-modes/mode/properties')).properties],
  ['diff patch', async () => (await import('@codemirror/legacy-modes/mode/diff')).diff],
  ['dockerfile docker', async () => (await import('@codemirror/legacy-modes/mode/dockerfile')).dockerFile],
  ['nginx', async () => (await import('@codemirror/legacy-modes/mode/nginx')).nginx],
  ['lua', async () => (await import('@codemirror/legacy-modes/mode/lua')).lua],
  ['swift', async () => (await import('@codemirror/legacy-modes/mode/swift')).swift],
  ['powershell ps1 pwsh', async () => (await import('@codemirror/legacy-modes/mode/powershell')).powerShell],
  ['perl pl', async () => (await import('@codemirror/legacy-modes/mode/perl')).perl],
  ['r', async () => (await import('@codemirror/legacy-modes/mode/r')).r],
  ['haskell hs', async () => (await import('@codemirror/legacy-modes/mode/haskell')).haskell],
  ['tex latex', async () => (await import('@codemirror/legacy-modes/mode/stex')).stex],
];

const lineCode =
  (load: LoadLineParser): Load =>
  async () => {
    const [{LineCode}, parser] = await Promise.all([import('./line-code.js'), load()]);
    return new LineCode(parser);
  };

const byName = new Map(
  [...treeLanguages, ...lineLanguages.map(([names, load]) => [names, lineCode(load)] as const)].flatMap(
    ([names, load]) => names.split(' ').map((name) => [name, load] as const),
  ),
);

/** @returns a function that loads a language, or undefined if it is unknown */
export const language = (name: string): Load | undefined => byName.get(name);

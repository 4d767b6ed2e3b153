import type {StreamParser} from '@codemirror/streamparser';

/** Splits the code of one language into tokens, without looking at later lines. */
export type Parser = StreamParser<unknown>;

type Load = () => Promise<Parser>;

/** The parser of each language, under the names that bots write after a fence. */
const languages: readonly [names: string, load: Load][] = [
  ['js javascript jsx mjs cjs node', async () => (await import('@codemirror/legacy-modes/mode/javascript')).javascript],
  ['ts typescript tsx mts cts', async () => (await import('@codemirror/legacy-modes/mode/javascript')).typescript],
  ['json jsonc json5 jsonl', async () => (await import('@codemirror/legacy-modes/mode/javascript')).json],
  ['py python python3', async () => (await import('@codemirror/legacy-modes/mode/python')).python],
  ['sh bash shell zsh', async () => (await import('@codemirror/legacy-modes/mode/shell')).shell],
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
  ['yaml yml', async () => (await import('@codemirror/legacy-modes/mode/yaml')).yaml],
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

const byName = new Map(languages.flatMap(([names, load]) => names.split(' ').map((name) => [name, load] as const)));

/** @returns a function that loads the parser of a language, or undefined if it is unknown */
export const language = (name: string): Load | undefined => byName.get(name);

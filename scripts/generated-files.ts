import {PassThrough} from 'node:stream';
import {program} from '../src/cli/program.js';
import {isGlobalOption} from '../src/commands/shared/options/global-options.js';
import {treeOf} from '../src/completion/tree.js';
import {Context} from '../src/context/context.js';
import {manPage} from './manual/man.js';
import {markdownManual} from './manual/markdown.js';
import {manualOf} from './manual/pages.js';

type Files = Readonly<Record<string, string>>;

/** What bin/poe.js reads instead of loading the commands, by path. */
export function distFiles(): Files {
  const root = wholeProgram();
  return {'dist/help.txt': root.helpInformation(), 'dist/commands.json': JSON.stringify(treeOf(root, isGlobalOption))};
}

/** The generated documents by path. */
export function docsFiles(): Files {
  const manual = manualOf(wholeProgram());
  return {'docs/commands.md': markdownManual(manual), 'docs/poe.1': manPage(manual)};
}

function wholeProgram() {
  const io = {stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough(), env: {}};
  return program(new Context(io, new AbortController().signal));
}

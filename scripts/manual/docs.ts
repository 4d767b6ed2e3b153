import process from 'node:process';
import {program} from '../../src/cli/program.js';
import {Context} from '../../src/context/context.js';
import {manPage} from './man.js';
import {markdownManual} from './markdown.js';
import {manualOf} from './pages.js';

/** The generated documents by path. */
export function docs(): Readonly<Record<string, string>> {
  const {stdin, stdout, stderr} = process;
  const manual = manualOf(program(new Context({stdin, stdout, stderr, env: {}}, new AbortController().signal)));
  return {'docs/commands.md': markdownManual(manual), 'docs/poe.1': manPage(manual)};
}

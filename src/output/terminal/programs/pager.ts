import {spawn} from 'node:child_process';
import {childEnvironment} from './child-environment.js';
import {takeInterrupts} from './interrupts.js';
import type {Pager} from '../screen.js';
import {streamWriter} from '../writer.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Starts `$POE_PAGER`, `$PAGER` or `less`. @returns undefined if the variable disables paging */
export function startPager(env: Environment): Pager | undefined {
  const command = pagerCommand(env);
  if (command === undefined) return undefined;
  const [program = '', ...argv] = isPlain.test(command) ? command.split(/\s+/) : [];
  const options = {env: pagerEnvironment(env), stdio: ['pipe', 'inherit', 'inherit'] as ['pipe', 'inherit', 'inherit']};
  const restoreInterrupts = takeInterrupts(() => {});
  const child = program === '' ? spawn(command, {...options, shell: true}) : spawn(program, argv, options);
  const hasRun = new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code !== notExecutable && code !== notFound));
  }).finally(restoreInterrupts);
  // A pager that has ended is noticed by the next write.
  child.stdin.on('error', () => {});
  return {
    write: (text) => streamWriter(child.stdin).write(text),
    end() {
      child.stdin.end();
      return hasRun;
    },
  };
}

/** Words that need no shell. Without a shell, a missing program is noticed at once. */
const isPlain = /^[\w./+:@%,-]+(?:\s+[\w./+:@%,-]+)*$/;

/** The exit codes of a shell that cannot run a command. */
const notExecutable = 126;
const notFound = 127;

function pagerCommand({POE_PAGER, PAGER}: Environment): string | undefined {
  const command = (POE_PAGER ?? PAGER ?? 'less').trim();
  return command === '' || command === 'cat' ? undefined : command;
}

/** Makes `less` show colors, exit if the text fits on the screen, and leave it there. Options of the user stay. */
function pagerEnvironment(env: Environment): NodeJS.ProcessEnv {
  const {LESS: own} = env;
  const showsColors = own === undefined || /(?:^|\s)-?[a-z]*r|--raw-control-chars/i.test(own);
  return {LESS: 'FRX', ...childEnvironment(env), ...(!showsColors && {LESS: `-R ${own}`})};
}

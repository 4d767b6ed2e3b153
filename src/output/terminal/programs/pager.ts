import {spawn} from 'node:child_process';
import {childEnvironment} from './child-environment.js';
import type {Pager} from '../screen.js';
import {streamWriter} from '../writer.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Starts `$POE_PAGER`, `$PAGER` or `less`. @returns undefined if the variable disables paging */
export function startPager(env: Environment): Pager | undefined {
  const command = pagerCommand(env);
  if (command === undefined) return undefined;
  const [program = '', ...argv] = isPlain.test(command) ? command.split(/\s+/) : [];
  const options = {env: pagerEnvironment(env), stdio: ['pipe', 'inherit', 'inherit'] as ['pipe', 'inherit', 'inherit']};
  const restoreInterrupts = ignoreInterrupts();
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

/** While the pager runs, poe ignores Ctrl+C, so that the pager can handle it. @returns a function that undoes this */
function ignoreInterrupts(): () => void {
  const listeners = process.listeners('SIGINT');
  const ignore = () => {};
  // Without any listener, the signal would end the process.
  process.on('SIGINT', ignore);
  for (const listener of listeners) process.off('SIGINT', listener);
  return () => {
    for (const listener of listeners) process.on('SIGINT', listener);
    process.off('SIGINT', ignore);
  };
}

import {spawn} from 'node:child_process';
import {forOthers} from './child-environment.js';
import type {Pager} from './screen.js';
import {streamWriter} from './writer.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Starts the pager that the environment asks for, else `less`. @returns undefined when none is wanted */
export function startPager(env: Environment): Pager | undefined {
  const command = pagerCommand(env);
  if (command === undefined) return undefined;
  const [program = '', ...argv] = isPlain.test(command) ? command.split(/\s+/) : [];
  const options = {env: pagerEnvironment(env), stdio: ['pipe', 'inherit', 'inherit'] as ['pipe', 'inherit', 'inherit']};
  const giveBack = takeInterrupts();
  const child = program === '' ? spawn(command, {...options, shell: true}) : spawn(program, argv, options);
  const hasRun = new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code !== notExecutable && code !== notFound));
  }).finally(giveBack);
  // That the pager was left is seen when it is written to.
  child.stdin.on('error', () => {});
  return {
    write: (text) => streamWriter(child.stdin).write(text),
    end() {
      child.stdin.end();
      return hasRun;
    },
  };
}

/** Words that mean the same with a shell and without one; without one it is known whether the program exists. */
const isPlain = /^[\w./+:@%,-]+(?:\s+[\w./+:@%,-]+)*$/;

/** What a shell says of a command that it cannot run. */
const notExecutable = 126;
const notFound = 127;

function pagerCommand({POE_PAGER, PAGER}: Environment): string | undefined {
  const command = (POE_PAGER ?? PAGER ?? 'less').trim();
  return command === '' || command === 'cat' ? undefined : command;
}

/** `less` shows colours, ends by itself on a short text and leaves what it showed. */
const pagerEnvironment = (env: Environment): NodeJS.ProcessEnv => ({LESS: 'FRX', ...forOthers(env)});

/** Ctrl-C goes to the pager, which may well stay: until it has ended, this program must not. @returns what undoes that */
function takeInterrupts(): () => void {
  const listeners = process.listeners('SIGINT');
  const ignore = () => {};
  // Never without a listener, or the signal would end the program.
  process.on('SIGINT', ignore);
  for (const listener of listeners) process.off('SIGINT', listener);
  return () => {
    for (const listener of listeners) process.on('SIGINT', listener);
    process.off('SIGINT', ignore);
  };
}

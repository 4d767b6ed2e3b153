import process from 'node:process';
import type {Io} from '../../context/io.js';
import {childEnvironment} from '../../output/terminal/programs/child-environment.js';

/** A program that cannot open anything, for example without a screen, says so within this time. */
const failureMs = 1500;

/**
 * Opens a URL in the user's browser, or a file in the program that the system uses for it.
 * @param target an http or https URL, or an absolute path
 * @returns whether a program could be started, as far as is known
 */
export async function openExternally(target: string, env: Io['env']): Promise<boolean> {
  const {spawn} = await import('node:child_process');
  const [program, ...args] = openCommand(process.platform);
  return new Promise((resolve) => {
    const child = spawn(program, [...args, target], {env: childEnvironment(env), stdio: 'ignore', detached: true});
    const end = (isStarted: boolean) => {
      clearTimeout(timer);
      child.unref();
      resolve(isStarted);
    };
    // The program may be the browser itself, which runs on.
    const timer = setTimeout(() => end(true), failureMs);
    child.once('error', () => end(false));
    child.once('exit', (code) => end(code === 0));
  });
}

/** The program that opens a URL or a file, and the arguments before it. No shell reads them. */
function openCommand(platform: NodeJS.Platform): [program: string, ...args: string[]] {
  switch (platform) {
    case 'darwin':
      return ['open'];
    case 'win32':
      // `start` is part of the shell, which would interpret the & of a URL.
      return ['rundll32', 'url.dll,FileProtocolHandler'];
    default:
      return ['xdg-open'];
  }
}

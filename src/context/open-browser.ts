import {spawn} from 'node:child_process';
import type {Io} from './io.js';
import {forOthers} from '../output/terminal/child-environment.js';

/** The program that opens an address in the user's browser, and what it is given before the address. No shell reads it. */
function opener(platform: NodeJS.Platform): [program: string, ...before: string[]] {
  switch (platform) {
    case 'darwin':
      return ['open'];
    case 'win32':
      // `start` is a word of the shell, which would read the address's &.
      return ['rundll32', 'url.dll,FileProtocolHandler'];
    default:
      return ['xdg-open'];
  }
}

/** Opens an address in the user's browser. @returns whether there is a program for that, and it has begun */
export function openBrowser(url: string, env: Io['env'], platform = process.platform): Promise<boolean> {
  const [program, ...before] = opener(platform);
  return new Promise((resolve) => {
    const child = spawn(program, [...before, url], {env: forOthers(env), stdio: 'ignore', detached: true});
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}

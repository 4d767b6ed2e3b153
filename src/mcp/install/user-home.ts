import process from 'node:process';
import {homeFolder} from '../../store/files/home-folder.js';

export type Env = Readonly<Record<string, string | undefined>>;

/** The home folder in an environment, where other programs look for their files. */
export const userHome = (env: Env, platform: NodeJS.Platform = process.platform): string =>
  (platform === 'win32' ? env.USERPROFILE : env.HOME) || homeFolder();

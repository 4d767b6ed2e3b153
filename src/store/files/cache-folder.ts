import {isAbsolute, join, resolve} from 'node:path';
import process from 'node:process';
import {homeFolder} from './home-folder.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The folder of files that only make poe faster: in the folder of settings if POE_CONFIG_DIR names one, else in the platform's folder
 * for caches.
 */
export function cacheFolder({POE_CONFIG_DIR: configFolder, ...env}: Environment): string {
  if (configFolder) return join(resolve(configFolder), 'cache');
  if (process.platform === 'darwin') return join(homeFolder(), 'Library', 'Caches', 'poe');
  if (process.platform === 'win32')
    return join(env.LOCALAPPDATA || join(homeFolder(), 'AppData', 'Local'), 'poe', 'Cache');
  const configured = env.XDG_CACHE_HOME ?? '';
  return join(isAbsolute(configured) ? configured : join(homeFolder(), '.cache'), 'poe');
}

import {homedir, userInfo} from 'node:os';

/** The user's home; the root folder, where nothing can be written, if the variable HOME is unset and the user has no account. */
export function homeFolder(): string {
  try {
    return homedir() || userInfo().homedir;
  } catch {
    return '/';
  }
}

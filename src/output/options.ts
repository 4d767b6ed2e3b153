import type {StartPager} from './terminal/screen.js';
import type {OutputStream} from './terminal/writer.js';

export interface OutputOptions {
  stdout: OutputStream;
  stderr: OutputStream;
  env: Readonly<Record<string, string | undefined>>;
  json: boolean;
  quiet: boolean;
  verbose: boolean;
  /** False for `--no-color`. */
  color: boolean;
  /** Starts a pager for long texts. Default: `$PAGER`, if stdout is the process's own. */
  startPager?: StartPager;
}

/** `--no-color` wins, then `FORCE_COLOR`, then `NO_COLOR`. Otherwise terminals get colors. */
export function hasColor({env, color}: OutputOptions, stream: OutputStream): boolean {
  if (!color) return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '') return env.FORCE_COLOR !== '0';
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  return stream.isTTY === true && env.TERM !== 'dumb';
}

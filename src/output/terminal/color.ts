import type {OutputStream} from './writer.js';

type Environment = Readonly<Record<string, string | undefined>>;

interface ColorOptions {
  env: Environment;
  /** False for `--no-color`. */
  color: boolean;
}

/**
 * Whether to write colors and other styles. `--no-color` wins, then `FORCE_COLOR`, `NO_COLOR`, `CLICOLOR_FORCE` and
 * `CLICOLOR=0`. Otherwise terminals get colors. Empty variables have no effect.
 */
export function hasColor({env, color}: ColorOptions, stream: Pick<OutputStream, 'isTTY'>): boolean {
  const {FORCE_COLOR = '', NO_COLOR = '', CLICOLOR_FORCE = '', CLICOLOR, TERM} = env;
  if (!color) return false;
  if (FORCE_COLOR !== '') return !isOff(FORCE_COLOR);
  if (NO_COLOR !== '') return false;
  if (CLICOLOR_FORCE !== '' && !isOff(CLICOLOR_FORCE)) return true;
  return stream.isTTY === true && TERM !== 'dumb' && CLICOLOR !== '0';
}

const isOff = (value: string): boolean => value === '0' || value.toLowerCase() === 'false';

/** Whether a terminal shows struck out text as such. GNU screen and the Linux console show it like any other text. */
export const canStrike = ({TERM = ''}: Environment): boolean => !/^(?:screen|linux)/.test(TERM);

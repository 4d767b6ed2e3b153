import type {Wrap} from './markdown/wrap.js';
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
  /** Whether the text of replies is wrapped at words on a terminal. Default: `words`. */
  wrap?: Wrap;
  /** Words a note for the place where the command was typed. */
  wordNote?: ((text: string) => string) | undefined;
  /** Starts a pager for long texts. Default: `$PAGER`, if stdout is the process's own. */
  startPager?: StartPager;
}

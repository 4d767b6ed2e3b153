import {Chalk, type ChalkInstance} from 'chalk';
import type {PoeError} from '../core/errors.js';
import type {LogEntry} from '../core/log.js';
import {clean, cleanLine} from './clean.js';
import {foldLine} from './fold.js';
import {jsonReply, pipedReply, type ReplyView, streamedReply} from './reply.js';

export interface OutputOptions {
  stdout: OutputStream;
  stderr: OutputStream;
  env: Readonly<Record<string, string | undefined>>;
  json: boolean;
  quiet: boolean;
  verbose: boolean;
  /** False for `--no-color`. */
  color: boolean;
}

export interface OutputStream extends NodeJS.WritableStream {
  isTTY?: boolean;
  columns?: number;
  rows?: number;
}

/** Says things to whoever started the command: the answer on stdout, everything else on stderr. */
export class Output {
  readonly #options: OutputOptions;
  readonly #paint: ChalkInstance;
  /** Lines kept back while a reply is being drawn, which they would run into. */
  #held: string[] | undefined;

  constructor(options: OutputOptions) {
    this.#options = options;
    this.#paint = new Chalk({level: hasColor(options, options.stderr) ? 1 : 0});
  }

  get isJson(): boolean {
    return this.#options.json;
  }

  /** A command's result: as JSON, or in the words that `text` finds for it. */
  result<T>(value: T, text: (value: T) => string): void {
    const {stdout, json} = this.#options;
    const said = json ? JSON.stringify(value) : text(value);
    stdout.write(`${stdout.isTTY ? clean(said) : said}\n`);
  }

  /** Something worth knowing besides the answer. */
  note(text: string): void {
    if (!this.#options.quiet) for (const line of this.#fold(cleanLine(text))) this.#complain(this.#paint.dim(line));
  }

  log({what, status, ms}: LogEntry): void {
    if (!this.#options.verbose) return;
    const time = ms === undefined ? '' : `, ${Math.round(ms)} ms`;
    this.#complain(this.#paint.dim(cleanLine(`${what}: ${status}${time}`)));
  }

  error({code, message, hint, retryable}: PoeError): void {
    if (this.#options.json) {
      const error = {code, message: cleanLine(message), hint: hint === undefined ? null : cleanLine(hint), retryable};
      this.#complain(JSON.stringify({error}));
      return;
    }
    const [first = '', ...more] = this.#fold(`poe: ${cleanLine(message)}`, '     ');
    this.#complain(`${this.#paint.red('poe:')}${first.slice('poe:'.length)}`);
    for (const line of more) this.#complain(line);
    if (hint !== undefined) for (const line of this.#fold(`     ${cleanLine(hint)}`, '     ')) this.#complain(line);
  }

  /** How a reply is shown: as events, as JSON, rendered live on a terminal, or as exact text in a pipe. */
  async reply({asEvents}: {asEvents: boolean}): Promise<ReplyView> {
    const {stdout, env, json} = this.#options;
    if (asEvents) return streamedReply(stdout);
    if (json) return jsonReply(stdout);
    if (stdout.isTTY && env.TERM !== 'dumb') {
      // The reader of Markdown is dear to load.
      const {liveReply} = await import('./drawn.js');
      return liveReply(stdout, {
        color: hasColor(this.#options, stdout),
        onDraw: () => (this.#held ??= []),
        onEnd: () => this.#release(),
      });
    }
    return pipedReply(stdout, {isTerminal: stdout.isTTY === true, note: (text) => this.note(text)});
  }

  /** A sign of life on a terminal until `stop` is called; elsewhere nothing. */
  async spin(text: string): Promise<{stop(): void}> {
    const {stderr, env, json, quiet, verbose} = this.#options;
    if (!stderr.isTTY || env.TERM === 'dumb' || json || quiet || verbose) return {stop() {}};
    const {default: ora} = await import('ora');
    // Left alone, stdin still takes Ctrl-C as the terminal sends it.
    const color = hasColor(this.#options, stderr) ? 'cyan' : undefined;
    return ora({text: cleanLine(text), stream: stderr, discardStdin: false, isEnabled: true, color}).start();
  }

  /** On a terminal, long lines are broken between words; in a file or a pipe a line stays one line. */
  #fold(line: string, indent = ''): string[] {
    const {stderr} = this.#options;
    return stderr.isTTY && stderr.columns ? foldLine(line, stderr.columns, indent) : [line];
  }

  #complain(line: string): void {
    if (this.#held) this.#held.push(line);
    else this.#options.stderr.write(`${line}\n`);
  }

  #release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const line of held) this.#complain(line);
  }
}

/** `NO_COLOR` and `--no-color` take colours away, `FORCE_COLOR` brings them back, else a terminal has them. */
function hasColor({env, color}: OutputOptions, stream: OutputStream): boolean {
  if (!color) return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '') return env.FORCE_COLOR !== '0';
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  return stream.isTTY === true && env.TERM !== 'dumb';
}

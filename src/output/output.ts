import {Chalk, type ChalkInstance} from 'chalk';
import type {PoeError} from '../core/errors.js';
import type {LogEntry} from '../core/log.js';
import {sanitize, sanitizeLine} from './terminal/sanitize.js';
import type {Column} from './list/columns.js';
import {renderDocument} from './markdown/render-document.js';
import {wrapLine} from './terminal/wrap.js';
import {jsonLine, jsonLines} from './format/json.js';
import {type Spinner, delayedSpinner} from './terminal/delayed-spinner.js';
import {type Field, shownFields, tabbedFields} from './list/record.js';
import {jsonReply, pipedReply, type ReplyView, streamedReply} from './reply/reply-view.js';
import type {StartPager} from './terminal/screen.js';
import {tabbedLines} from './list/tabbed.js';
import {streamWriter, type Writer} from './terminal/writer.js';

export interface OutputOptions {
  stdout: OutputStream;
  stderr: OutputStream;
  env: Readonly<Record<string, string | undefined>>;
  json: boolean;
  quiet: boolean;
  verbose: boolean;
  /** False for `--no-color`. */
  color: boolean;
  /** Starts what shows long texts on a terminal; if left out, `$PAGER` does where stdout is that of the process. */
  startPager?: StartPager;
}

/** How a terminal wants its text. */
export interface Look {
  paint: ChalkInstance;
  /** Columns. */
  width: number;
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
  /** Who shows on the terminal what else would be written over what is drawn there. */
  #teller: ((line: string) => void) | undefined;

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
    stdout.write(json ? jsonLine(value, stdout) : `${stdout.isTTY ? sanitize(text(value)) : text(value)}\n`);
  }

  /** A text as it is, whether `--json` is asked for or not; on a terminal it is cleaned. */
  text(text: string): void {
    const {stdout} = this.#options;
    stdout.write(withLineEnd(stdout.isTTY ? sanitize(text) : text));
  }

  /**
   * Shows a list as it comes in: as JSON, one object a line; in a pipe, values with tabs between them; on a terminal, columns,
   * through the pager where they are longer than the screen. Where nobody reads on, the list is not read on either.
   * @param options.none said where the list is empty: "There are no chats."
   * @returns how many items there were
   */
  async list<T>(
    items: AsyncIterable<T> | Iterable<T>,
    columns: readonly Column<T>[],
    {none}: {none: string},
  ): Promise<number> {
    let count = 0;
    const counted = async function* () {
      for await (const item of items) {
        count += 1;
        yield item;
      }
    };
    await this.#print(await this.#listed(counted(), columns));
    if (count === 0 && !this.#options.json) this.note(none);
    return count;
  }

  /** Shows one thing with named fields. On a terminal, those that are null are left out. */
  record<T>(value: T, fields: (value: T) => readonly Field[]): void {
    const {stdout, json} = this.#options;
    if (json) stdout.write(jsonLine(value, stdout));
    else stdout.write(stdout.isTTY ? shownFields(fields(value), this.#look()) : tabbedFields(fields(value)));
  }

  /**
   * Shows a text made for reading; on a terminal, Markdown is rendered, and what is longer than the screen goes through the
   * pager. In a pipe it is exact, with a newline at its end.
   * @param value what `--json` prints
   */
  async document(
    value: unknown,
    text: () => string | Promise<string>,
    {markdown = false}: {markdown?: boolean} = {},
  ): Promise<void> {
    const {stdout, json} = this.#options;
    await this.#print(json ? jsonLines([value], stdout) : this.#written(text, markdown));
  }

  /** Something that was asked for besides the answer: told even to who wants it quiet. */
  tell(text: string): void {
    if (!this.#options.json) for (const line of this.#fold(sanitizeLine(text))) this.#complain(line);
  }

  /** An address that somebody has to open before this goes on: told to programs, too. */
  toOpen(what: string, url: string): void {
    if (this.#options.json) this.#complain(JSON.stringify({open: url}));
    this.tell(what);
    this.tell(url);
  }

  /** Something worth knowing besides the answer. */
  note(text: string): void {
    if (!this.#options.quiet) for (const line of this.#fold(sanitizeLine(text))) this.#complain(this.#paint.dim(line));
  }

  log({what, status, ms}: LogEntry): void {
    if (!this.#options.verbose) return;
    const time = ms === undefined ? '' : `, ${Math.round(ms)} ms`;
    this.#complain(this.#paint.dim(sanitizeLine(`${what}: ${status}${time}`)));
  }

  /**
   * Gives notes, log lines and errors, whole lines in their styles, to another one to show, so that they do not run into what it
   * draws on the terminal; where stderr leads elsewhere they still go there.
   * @returns what ends that
   */
  tellVia(teller: (line: string) => void): () => void {
    if (this.#options.stderr.isTTY) this.#teller = teller;
    return () => (this.#teller = undefined);
  }

  error({code, message, retryable}: PoeError, hint?: string): void {
    if (this.#options.json) {
      const error = {
        code,
        message: sanitizeLine(message),
        hint: hint === undefined ? null : sanitizeLine(hint),
        retryable,
      };
      this.#complain(JSON.stringify({error}));
      return;
    }
    const [first = '', ...more] = this.#fold(`poe: ${sanitizeLine(message)}`, '     ');
    this.#complain(`${this.#paint.red('poe:')}${first.slice('poe:'.length)}`);
    for (const line of more) this.#complain(line);
    if (hint !== undefined) for (const line of this.#fold(`     ${sanitizeLine(hint)}`, '     ')) this.#complain(line);
  }

  /** How a reply is shown: as events, as JSON, rendered live on a terminal, or as exact text in a pipe. */
  async reply({asEvents}: {asEvents: boolean}): Promise<ReplyView> {
    const {stdout, env, json} = this.#options;
    if (asEvents) return streamedReply(stdout);
    if (json) return jsonReply(stdout);
    if (stdout.isTTY && env.TERM !== 'dumb') {
      // The reader of Markdown is dear to load.
      const {liveReply} = await import('./reply/live-view.js');
      return liveReply(stdout, {
        color: hasColor(this.#options, stdout),
        onDraw: () => (this.#held ??= []),
        onEnd: () => this.#release(),
      });
    }
    return pipedReply(stdout, {isTerminal: stdout.isTTY === true, note: (text) => this.note(text)});
  }

  /** A sign of life on a terminal until `stop` is called, with other words when `say` is; elsewhere nothing. */
  async spin(text: string): Promise<{say(text: string): void; stop(): void}> {
    let spinner = await this.#spinner(text);
    spinner?.start();
    return {
      say(text) {
        if (!spinner || spinner.text === sanitizeLine(text)) return;
        spinner.text = sanitizeLine(text);
        spinner.render();
      },
      stop() {
        spinner?.stop();
        spinner = undefined;
      },
    };
  }

  async #spinner(text: string): Promise<Spinner | undefined> {
    const {stderr, env, json, quiet, verbose} = this.#options;
    if (!stderr.isTTY || env.TERM === 'dumb' || json || quiet || verbose) return undefined;
    // On a terminal that does not tell its size it would count its rows without end.
    if (stderr.columns === 0) return undefined;
    const {default: ora} = await import('ora');
    // Left alone, stdin still takes Ctrl-C as the terminal sends it.
    const color = hasColor(this.#options, stderr) ? 'cyan' : undefined;
    return ora({text: sanitizeLine(text), stream: stderr, discardStdin: false, isEnabled: true, color});
  }

  async #listed<T>(items: AsyncIterable<T>, columns: readonly Column<T>[]): Promise<AsyncIterable<string>> {
    const {stdout, json} = this.#options;
    if (json) return jsonLines(items, stdout);
    if (!stdout.isTTY) return tabbedLines(items, columns);
    // What knows how wide letters are is dear to load.
    const {alignedLines} = await import('./list/aligned.js');
    return alignedLines(items, columns, this.#look());
  }

  async *#written(text: () => string | Promise<string>, markdown: boolean): AsyncGenerator<string> {
    const said = await text();
    const {paint, width} = this.#look();
    if (this.#options.stdout.isTTY && markdown) {
      yield await renderDocument(said, {color: paint.level > 0, width});
    } else {
      yield withLineEnd(this.#options.stdout.isTTY ? sanitize(said) : said);
    }
  }

  #look(): Look {
    const {stdout} = this.#options;
    return {paint: new Chalk({level: hasColor(this.#options, stdout) ? 1 : 0}), width: stdout.columns || 80};
  }

  /** Writes texts of whole lines as they come, for as long as somebody reads. */
  async #print(texts: AsyncIterable<string>): Promise<void> {
    const writer = await this.#writer();
    const spinner = delayedSpinner(() => this.#spinner('Asking Poe'));
    try {
      for await (const text of texts) {
        spinner.stop();
        if (!(await writer.write(text))) break;
      }
    } finally {
      spinner.stop();
      await writer.end();
      this.#release();
    }
  }

  async #writer(): Promise<Writer> {
    const {stdout, env, json, startPager} = this.#options;
    const canPage = startPager !== undefined || stdout === process.stdout;
    if (json || !stdout.isTTY || env.TERM === 'dumb' || !canPage) return streamWriter(stdout);
    const {ScreenWriter} = await import('./terminal/screen.js');
    return new ScreenWriter(stdout, async () => {
      // Whatever is said from now on would run into the pager's screen.
      this.#held ??= [];
      return startPager ? startPager() : (await import('./terminal/pager.js')).startPager(env);
    });
  }

  /** On a terminal, long lines are broken between words; in a file or a pipe a line stays one line. */
  #fold(line: string, indent = ''): string[] {
    const {stderr} = this.#options;
    return stderr.isTTY && stderr.columns ? wrapLine(line, stderr.columns, indent) : [line];
  }

  #complain(line: string): void {
    if (this.#held) this.#held.push(line);
    else if (this.#teller) this.#teller(line);
    else this.#options.stderr.write(`${line}\n`);
  }

  #release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const line of held) this.#complain(line);
  }
}

const withLineEnd = (text: string) => (text === '' || text.endsWith('\n') ? text : `${text}\n`);

/** `NO_COLOR` and `--no-color` take colours away, `FORCE_COLOR` brings them back, else a terminal has them. */
function hasColor({env, color}: OutputOptions, stream: OutputStream): boolean {
  if (!color) return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '') return env.FORCE_COLOR !== '0';
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  return stream.isTTY === true && env.TERM !== 'dumb';
}

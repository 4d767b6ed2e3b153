import type {PoeError} from '../core/errors.js';
import type {LogEntry} from '../core/log/log.js';
import type {ReplyResult} from '../core/reply.js';
import {jsonLine, jsonLines} from './format/json.js';
import {type Column, tabbedLines, type TerminalOptions} from './list/columns.js';
import {type Field, shownFields, tabbedFields} from './list/record.js';
import {type MarkdownPart, renderParts} from './markdown/render-document.js';
import {Reporter} from './reporter.js';
import type {OutputOptions} from './options.js';
import {print} from './print.js';
import {deferredReply} from './reply/deferred-reply.js';
import {pipedReply} from './reply/piped-reply.js';
import {jsonReply, type ReplyView, streamedReply} from './reply/reply-view.js';
import {StderrWriter} from './stderr-writer.js';
import {canStrike, hasColor} from './terminal/color.js';
import {paintWith} from './terminal/paint.js';
import {wrapLine} from './terminal/rows/wrap.js';
import {sanitize, sanitizeLine} from './terminal/sanitize.js';
import {type ShownSpinner, showSpinner} from './terminal/spinner.js';

/** The output of a command: its result on stdout, everything else on stderr. */
export class Output {
  readonly #options: OutputOptions;
  readonly #stderr: StderrWriter;
  readonly #reporter: Reporter;
  #partialReply: ReplyResult | undefined;

  constructor(options: OutputOptions) {
    this.#options = options;
    this.#stderr = new StderrWriter(options.stderr, {color: hasColor(options, options.stderr)});
    this.#reporter = new Reporter(this.#stderr, options);
  }

  /** Keeps what has arrived of a reply: `--json` prints it together with the error that ended it. */
  keepPartial(reply: ReplyResult): void {
    this.#partialReply = reply;
  }

  get isJson(): boolean {
    return this.#options.json;
  }

  /** Whether stdout gets colors. */
  get hasColor(): boolean {
    return hasColor(this.#options, this.#options.stdout);
  }

  /** Prints the result of a command: as JSON, or as the text that `text` makes of it. */
  result<T>(value: T, text: (value: T) => string): void {
    const {stdout, json} = this.#options;
    stdout.write(json ? jsonLine(value, stdout) : `${stdout.isTTY ? sanitize(text(value)) : text(value)}\n`);
  }

  /** As `result`, for a sentence: a terminal shows it wrapped at words. */
  summary<T>(value: T, sentence: (value: T) => string): void {
    const {stdout, wordNote = (note: string) => note} = this.#options;
    const {isTTY, columns} = stdout;
    this.result(value, () => {
      // Without a value, the sentence is a note about what to do.
      const text = value === null ? wordNote(sentence(value)) : sentence(value);
      return isTTY && columns ? wrapLine(sanitizeLine(text), columns).join('\n') : text;
    });
  }

  /** Prints a text as it is, even with `--json`. On a terminal it is sanitized. */
  text(text: string): void {
    const {stdout} = this.#options;
    stdout.write(withNewline(stdout.isTTY ? sanitize(text) : text));
  }

  /**
   * Prints a list while it is being fetched: one JSON object per line, tab-separated values in a pipe, or aligned columns on a
   * terminal, in a pager if they do not fit. If the reader goes away, no more items are fetched.
   * @param options.empty the note for an empty list: "There are no chats."
   * @param options.lines the lines of an item on a terminal, if it has several. They must be sanitized
   * @returns the number of items
   */
  async list<T>(
    items: AsyncIterable<T> | Iterable<T>,
    columns: readonly Column<T>[],
    {empty, lines}: {empty: string; lines?: ((item: T, options: TerminalOptions) => string) | undefined},
  ): Promise<number> {
    let count = 0;
    const counted = async function* () {
      for await (const item of items) {
        count += 1;
        yield item;
      }
    };
    await this.#print(await this.#listLines(counted(), columns, lines));
    if (count === 0 && !this.#options.json) this.note(empty);
    return count;
  }

  /** Prints one object with named fields. A terminal does not show those that are null. */
  record<T>(value: T, fields: (value: T) => readonly Field[]): void {
    const {stdout, json} = this.#options;
    if (json) stdout.write(jsonLine(value, stdout));
    else stdout.write(stdout.isTTY ? shownFields(fields(value), this.#terminalOptions()) : tabbedFields(fields(value)));
  }

  /**
   * Prints a long text: on a terminal in a pager if it does not fit, with Markdown rendered. In a pipe it is exact, with a
   * newline at its end.
   * @param value what `--json` prints
   * @param text the text, or its parts, which empty lines separate
   * @returns whether the text stays on the screen: a pager removes it
   */
  async document(
    value: unknown,
    text: () => DocumentText | Promise<DocumentText>,
    {markdown = false}: {markdown?: boolean} = {},
  ): Promise<boolean> {
    const {stdout, json} = this.#options;
    return this.#print(json ? jsonLines([value], stdout) : this.#documentLines(text, markdown));
  }

  /** How a reply is printed: as events, as JSON, rendered on a terminal while it arrives, or as exact text in a pipe. */
  async reply({asEvents}: {asEvents: boolean}): Promise<ReplyView> {
    const {stdout, env, json} = this.#options;
    if (asEvents) return streamedReply(stdout);
    if (json) return jsonReply(stdout);
    if (stdout.isTTY && env.TERM !== 'dumb') {
      return deferredReply(async () => {
        const {terminalReply} = await import('./reply/terminal-reply.js');
        return terminalReply(stdout, {
          color: hasColor(this.#options, stdout),
          canStrike: canStrike(env),
          wrap: this.#options.wrap,
          note: (text) => this.note(text),
          onDraw: () => this.#stderr.hold(),
          onEnd: () => this.#stderr.release(),
        });
      });
    }
    return pipedReply(stdout, {isTerminal: stdout.isTTY === true, note: (text) => this.note(text)});
  }

  /** See {@link Reporter}. */
  info(text: string): void {
    this.#reporter.info(text);
  }

  askToOpen(request: string, url: string): void {
    this.#reporter.askToOpen(request, url);
  }

  note(text: string): void {
    this.#reporter.note(text);
  }

  question(text: string): void {
    this.#reporter.question(text);
  }

  log(entry: LogEntry): void {
    this.#reporter.log(entry);
  }

  error(error: PoeError, hint?: string): void {
    this.#reporter.error(error, {hint, reply: this.#partialReply});
  }

  /**
   * Passes notes, log lines and errors to a chat, which prints them above its prompt. Has no effect if stderr is not a
   * terminal.
   * @returns a function that ends this
   */
  redirectNotes(writeLine: (line: string) => void): () => void {
    return this.#stderr.redirect(writeLine);
  }

  /** Shows a spinner on a terminal until `stop` is called. */
  startSpinner(text: string): Promise<ShownSpinner> {
    return showSpinner(text, this.#options);
  }

  async #listLines<T>(
    items: AsyncIterable<T>,
    columns: readonly Column<T>[],
    lines: ((item: T, options: TerminalOptions) => string) | undefined,
  ): Promise<AsyncIterable<string>> {
    const {stdout, json} = this.#options;
    if (json) return jsonLines(items, stdout);
    if (!stdout.isTTY) return tabbedLines(items, columns);
    if (lines) return mapped(items, (item) => lines(item, this.#terminalOptions()));
    // The tables of character widths take a while to load.
    const {alignedLines} = await import('./list/aligned.js');
    return alignedLines(items, columns, this.#terminalOptions());
  }

  async *#documentLines(text: () => DocumentText | Promise<DocumentText>, markdown: boolean): AsyncGenerator<string> {
    const content = await text();
    yield '';
    const {stdout} = this.#options;
    if (stdout.isTTY && markdown) {
      yield* renderParts(content, {
        color: hasColor(this.#options, stdout),
        canStrike: canStrike(this.#options.env),
        wrap: this.#options.wrap,
        width: widthOf(stdout),
        note: (text) => this.note(text),
      });
    } else {
      const whole = typeof content === 'string' ? content : content.map((part) => part.markdown).join('\n\n');
      yield withNewline(stdout.isTTY ? sanitize(whole) : whole);
    }
  }

  #terminalOptions(): TerminalOptions {
    const {stdout} = this.#options;
    return {paint: paintWith({color: hasColor(this.#options, stdout)}), width: widthOf(stdout)};
  }

  #print(texts: AsyncIterable<string>): Promise<boolean> {
    return print(texts, this.#stderr, this.#options);
  }
}

async function* mapped<T>(items: AsyncIterable<T>, map: (item: T) => string): AsyncGenerator<string, void, undefined> {
  for await (const item of items) yield map(item);
}

const widthOf = ({columns}: OutputOptions['stdout']): number => columns || 80;

type DocumentText = string | readonly MarkdownPart[];

const withNewline = (text: string) => (text === '' || text.endsWith('\n') ? text : `${text}\n`);

import type {PoeError} from '../core/errors.js';
import type {LogEntry} from '../core/log/log.js';
import type {ReplyResult} from '../core/reply.js';
import type {OutputOptions} from './options.js';
import type {StderrWriter} from './stderr-writer.js';
import {sanitizeLine} from './terminal/sanitize.js';

type ReporterOptions = Pick<OutputOptions, 'json' | 'quiet' | 'verbose' | 'wordNote'>;

/** Prints notes, log lines and errors on stderr. */
export class Reporter {
  readonly #stderr: StderrWriter;
  readonly #options: ReporterOptions;

  constructor(stderr: StderrWriter, options: ReporterOptions) {
    this.#stderr = stderr;
    this.#options = options;
  }

  /** Prints something that the user requested in addition to the result, even with `--quiet`. */
  info(text: string): void {
    if (!this.#options.json) this.#stderr.paragraph(this.#worded(text));
  }

  /** Asks the user to open a URL before the command continues. With `--json` programs receive it too. */
  askToOpen(request: string, url: string): void {
    if (this.#options.json) this.#stderr.json({open: url});
    this.info(request);
    this.info(url);
  }

  note(text: string): void {
    const {dim} = this.#stderr.paint;
    if (!this.#options.quiet) this.#stderr.paragraph(this.#worded(text), {style: dim});
  }

  /** Prints what a question that follows is about, even with `--quiet`. */
  question(text: string): void {
    this.#stderr.paragraph(this.#worded(text), {style: this.#stderr.paint.dim});
  }

  log(entry: LogEntry): void {
    if (!this.#options.verbose) return;
    // Read only now, because it may be computed.
    const {what, status, ms} = entry;
    const time = ms === undefined ? '' : `, ${Math.round(ms)} ms`;
    this.#stderr.line(this.#stderr.paint.dim(sanitizeLine(`${what}: ${status}${time}`)));
  }

  /** @param reply with `--json`, the part of the reply that arrived before the error */
  error(
    {code, message, retryable, facts: {problems}}: PoeError,
    {hint, reply}: {hint?: string | undefined; reply?: ReplyResult | undefined} = {},
  ): void {
    if (this.#options.json) {
      const error = {
        code,
        message: sanitizeLine(message),
        hint: hint === undefined ? null : sanitizeLine(hint),
        retryable,
        ...(problems && {problems: problems.map(sanitizeLine)}),
      };
      this.#stderr.json({error, reply});
      return;
    }
    const {paint} = this.#stderr;
    const indent = ' '.repeat('poe: '.length);
    this.#stderr.paragraph(`poe: ${sanitizeLine(message)}`, {
      indent,
      style: (row) => row.replace(/^poe:/, paint.red('poe:')),
    });
    for (const problem of problems ?? []) this.#stderr.line(`${indent}${sanitizeLine(problem)}`);
    if (hint !== undefined) this.#stderr.paragraph(`${indent}${sanitizeLine(hint)}`, {indent});
  }

  #worded(text: string): string {
    const {wordNote = (note: string) => note} = this.#options;
    return sanitizeLine(wordNote(text));
  }
}

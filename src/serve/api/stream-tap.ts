import type {TokenUsage} from '../../core/reply.js';
import type {BotFormat} from '../serve-backend.js';
import {finalError, withFinalFailure} from './failed-events.js';
import {TailBuffer} from './tail-buffer.js';
import {addUsage, lastUsageIn} from './token-usage.js';

/** How much of the beginning of a stream is kept, in bytes: in Anthropic's format, a part of the counts of tokens is there. */
const headBytes = 4 * 1024;
/** How much of the end is kept. OpenAI's Responses repeat the whole reply there. */
const tailBytes: Readonly<Record<BotFormat, number>> = {chat: 8 * 1024, responses: 64 * 1024, messages: 8 * 1024};
/** The longest line. */
const maxLineBytes = 32 * 1024 * 1024;
const newline = 0x0a;

/** What the end of a complete stream contains, outside of texts, where quotes have a backslash before them and lines do not end. */
const ends: Readonly<Record<BotFormat, RegExp>> = {
  chat: /^data: *\[DONE\]|(?<!\\)(?:"finish_reason": *"|"error": *[{"])/m,
  responses: /^data: *\[DONE\]|(?<!\\)(?:"response\.(?:completed|incomplete|failed)"|"type": *"error")/m,
  messages: /(?<!\\)(?:"message_stop"|"type": *"error")/,
};

/**
 * Watches a stream of events while it is passed on. It finds the ends of lines, so that an error can be reported between two of them,
 * and keeps the beginning and the end. It looks into few events only.
 */
export class StreamTap {
  readonly #format: BotFormat;
  readonly #hidesUsage: boolean;
  #line: Uint8Array[] = [];
  #lineBytes = 0;
  #head = '';
  readonly #tail: TailBuffer;

  /** @param hidesUsage whether the program has not asked for the counts of tokens, which OpenAI sends as a chunk of their own */
  constructor(format: BotFormat, {hidesUsage}: {hidesUsage: boolean}) {
    this.#format = format;
    this.#hidesUsage = hidesUsage;
    this.#tail = new TailBuffer(tailBytes[format]);
  }

  /** Adds what has arrived. @returns the whole lines to pass on; undefined if there are none */
  push(chunk: Uint8Array): Uint8Array | undefined {
    if (this.#format === 'messages' && this.#head.length < headBytes) this.#head += Buffer.from(chunk).toString('utf8');
    this.#tail.push(chunk);
    const end = chunk.lastIndexOf(newline) + 1;
    if (end === 0) {
      this.#hold(chunk);
      return undefined;
    }
    const lines =
      this.#line.length > 0 ? Buffer.concat([...this.#line, chunk.subarray(0, end)]) : chunk.subarray(0, end);
    [this.#line, this.#lineBytes] = [[], 0];
    if (end < chunk.byteLength) this.#hold(chunk.subarray(end));
    return this.#changed(lines);
  }

  /** What is left at the end: a line without its end. */
  rest(): Uint8Array {
    return this.#changed(Buffer.concat(this.#line));
  }

  /** Whether the stream has ended as its format requires, rather than been cut. */
  get isComplete(): boolean {
    return ends[this.#format].test(this.#tail.toString());
  }

  /** The message of an error that ends a stream of Responses without the event of a failed response. */
  get onlyError(): string | undefined {
    return this.#format === 'responses' ? finalError(this.#tail.toString()) : undefined;
  }

  /** The tokens of the reply; undefined if Poe has not sent them. */
  get usage(): TokenUsage | undefined {
    const atStart = this.#format === 'messages' ? lastUsageIn(this.#head) : undefined;
    return addUsage(atStart, lastUsageIn(this.#tail.toString()));
  }

  #changed(lines: Uint8Array): Uint8Array {
    if (this.#format === 'responses') return withFinalFailure(lines);
    return this.#hidesUsage ? withoutUsage(lines) : lines;
  }

  #hold(part: Uint8Array): void {
    this.#line.push(part);
    this.#lineBytes += part.byteLength;
    if (this.#lineBytes > maxLineBytes) throw new Error('A line of the stream is too long');
  }
}

/** Lines without the chunk that has only the counts of tokens. */
function withoutUsage(lines: Uint8Array): Uint8Array {
  const buffer = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength);
  if (!buffer.includes('"usage"')) return lines;
  const kept = buffer
    .toString('utf8')
    .split('\n')
    .filter((line) => !isOnlyUsage(line));
  return Buffer.from(kept.join('\n'));
}

const isOnlyUsage = (line: string): boolean =>
  /"usage"\s*:\s*\{/.test(line) && /^data:.*"choices"\s*:\s*\[\s*\]/.test(line);

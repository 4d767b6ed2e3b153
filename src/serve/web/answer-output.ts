import type {FormatWriter, WrittenReply} from '../formats/written-reply.js';
import type {BotRequest, ReplyWriter} from '../serve-backend.js';

/** How often a program gets a sign that the connection still works. */
const pingMs = 15_000;

/** Writes an answer as events, or as one object at its end. */
export class AnswerOutput {
  readonly #reply: ReplyWriter;
  readonly #writer: FormatWriter;
  readonly #isStreamed: boolean;
  #isStarted = false;
  #hasText = false;

  constructor(reply: ReplyWriter, writer: FormatWriter, {isStreamed}: Pick<BotRequest, 'isStreamed'>) {
    this.#reply = reply;
    this.#writer = writer;
    this.#isStreamed = isStreamed;
  }

  /** Starts a stream, and keeps it alive until the result is disposed of. */
  start(headers: Readonly<Record<string, string>>): Disposable {
    if (!this.#isStreamed) return {[Symbol.dispose]() {}};
    this.#isStarted = true;
    this.#reply.startEvents({headers});
    this.#write(this.#writer.start());
    const timer = setInterval(() => this.#write(this.#writer.ping), pingMs);
    return {[Symbol.dispose]: () => clearInterval(timer)};
  }

  /** Writes a piece of the text. Undefined if the answer is not streamed. */
  get onText(): ((piece: string) => void) | undefined {
    return this.#isStreamed ? (piece) => this.#text(piece) : undefined;
  }

  /** Writes the end of a stream, with the text if none of it was written, or all of the reply. */
  finish(reply: WrittenReply, headers: Readonly<Record<string, string>>): void {
    if (!this.#isStreamed) return this.#reply.json(this.#writer.whole(reply), {headers});
    if (!this.#isStarted) this.start(headers)[Symbol.dispose]();
    if (!this.#hasText && reply.text !== '') this.#text(reply.text);
    this.#write(this.#writer.end(reply));
    this.#reply.end();
  }

  #text(piece: string): void {
    this.#hasText = true;
    this.#write(this.#writer.text(piece));
  }

  /** A reply is small, so the events may wait for a program that reads slowly. If it has gone, the signal of the request is aborted. */
  #write(events: string): void {
    this.#reply.write(events)?.catch(() => {});
  }
}

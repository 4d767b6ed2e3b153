import type {PoeError} from '../../core/errors.js';
import type {ReplyEvent, ReplyResult} from '../../core/reply.js';
import {sanitize, untilOpenEnd} from '../terminal/sanitize.js';
import {jsonLine} from '../format/json.js';
import type {OutputStream} from '../terminal/writer.js';
import {PipedText} from './piped.js';

/** One way of showing a reply. `text` in the calls is the whole text so far. */
export interface ReplyView {
  start(reply: ReplyResult): void;
  step(step: ReplyEvent, text: string): void;
  done(reply: ReplyResult): void | Promise<void>;
  /** The reply ended before its time; what came stays. */
  broken(error: Pick<PoeError, 'code' | 'message' | 'hint' | 'retryable'>, text: string): void | Promise<void>;
}

/** One JSON object when the reply is whole. */
export const jsonReply = (stdout: OutputStream): ReplyView => ({
  start() {},
  step() {},
  done: (reply) => writeJson(stdout, reply),
  broken() {},
});

/** One JSON object an event, as it happens. */
export function streamedReply(stdout: OutputStream): ReplyView {
  const event = (type: string, fields: object) => writeJson(stdout, {type, ...fields});
  return {
    start: ({bot, chat, userMessage, botMessage}) => event('start', {bot, chat, userMessage, botMessage}),
    step: ({type, ...fields}) => event(type, fields),
    done: (reply) => event('done', reply),
    broken: ({code, message, hint, retryable}) => event('error', {code, message, hint: hint ?? null, retryable}),
  };
}

/** The exact text; on a terminal that cannot be drawn on, cleaned. */
export function pipedReply(
  stdout: OutputStream,
  {isTerminal, note}: {isTerminal: boolean; note: (text: string) => void},
): ReplyView {
  const shown = (text: string) => (isTerminal ? sanitize(text) : text);
  const piped = new PipedText((text) => void stdout.write(text));
  return {
    start() {},
    step: (_step, text) => piped.update(isTerminal ? sanitize(untilOpenEnd(text)) : text),
    done(reply) {
      const {exact} = piped.finish(shown(reply.text));
      if (!exact) note('The bot changed text that was already printed. The complete reply is printed last.');
      for (const {name, url} of reply.attachments) {
        if (url !== null && !reply.text.includes(url)) note([name, url].filter(Boolean).join('  '));
      }
    },
    broken: () => piped.stop(),
  };
}

const writeJson = (stdout: OutputStream, value: object): void => void stdout.write(jsonLine(value, stdout));

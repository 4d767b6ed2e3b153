import type {PoeError} from '../../core/errors.js';
import type {ReplyEvent, ReplyResult} from '../../core/reply.js';
import {jsonLine} from '../format/json.js';
import type {OutputStream} from '../terminal/writer.js';
import type {ReplyDetails} from './reply-renderer.js';

/** One way to print a reply. */
export interface ReplyView {
  start(reply: ReplyResult): void;
  /**
   * @param text the text after the event
   * @param details of the reply after the event
   */
  event(event: ReplyEvent, text: string, details?: ReplyDetails): void;
  done(reply: ReplyResult): void | Promise<void>;
  /** The reply was cut off. What has arrived is printed. */
  failed(error: Pick<PoeError, 'code' | 'message' | 'hint' | 'retryable'>): void | Promise<void>;
}

/** One JSON object when the reply is complete. */
export const jsonReply = (stdout: OutputStream): ReplyView => ({
  start() {},
  event() {},
  done: (reply) => writeJson(stdout, reply),
  failed() {},
});

/** One JSON object per event, as it happens. */
export function streamedReply(stdout: OutputStream): ReplyView {
  const write = (type: string, fields: object) => writeJson(stdout, {type, ...fields});
  return {
    start: ({bot, chat, userMessage, botMessage}) => write('start', {bot, chat, userMessage, botMessage}),
    event: ({type, ...fields}) => write(type, fields),
    done: (reply) => write('done', reply),
    failed: ({code, message, hint, retryable}) => write('error', {code, message, hint: hint ?? null, retryable}),
  };
}

const writeJson = (stdout: OutputStream, value: object): void => void stdout.write(jsonLine(value, stdout));

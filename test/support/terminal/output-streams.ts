import {Writable} from 'node:stream';
import type {ReplyResult} from '../../../src/core/reply.js';
import type {OutputOptions} from '../../../src/output/options.js';
import {Output} from '../../../src/output/output.js';

interface Screen {
  columns: number;
  rows?: number;
}

/** Creates an `Output` and functions that return what it wrote. @param screen the size of its terminal; without one it writes to pipes */
export function outputTo(screen?: Screen, options: Partial<OutputOptions> = {}) {
  const stdout = collector(screen);
  const stderr = collector(screen);
  const output = new Output({
    stdout: stdout.stream,
    stderr: stderr.stream,
    env: {},
    json: false,
    quiet: false,
    verbose: false,
    color: false,
    ...options,
  });
  return {output, out: stdout.text, err: stderr.text, stdout: stdout.stream};
}

function collector(screen?: Screen) {
  let text = '';
  const writable = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      text += chunk;
      done();
    },
  });
  return {stream: Object.assign(writable, screen && {isTTY: true, ...screen}), text: () => text};
}

/** A complete reply with this text. */
export const completeReply = (text: string): ReplyResult => ({
  text,
  state: 'complete',
  bot: 'b',
  chat: {id: 'c', chatId: 1, chatCode: 'c', title: null, bot: 'b', lastInteractionTime: null},
  userMessage: {messageId: 1},
  botMessage: {messageId: 2, messageCode: null},
  attachments: [],
  suggestedReplies: [],
  points: {cost: null, balance: null},
  via: 'web',
});

import {Writable} from 'node:stream';
import {Output, type OutputOptions} from '../../src/output/output.js';

interface Screen {
  columns: number;
  rows?: number;
}

/** An output of which all that it says is kept: into pipes, or on terminals of that size. */
export function outputTo(screen?: Screen, options: Partial<OutputOptions> = {}) {
  const stdout = keeping(screen);
  const stderr = keeping(screen);
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

function keeping(screen?: Screen) {
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

/** A reply that is whole, and of which nothing matters but its text. */
export const wholeReply = (text: string) => ({
  text,
  state: 'complete',
  bot: 'b',
  chat: {id: 'c', chatId: 1, chatCode: 'c', title: null, bot: 'b', lastInteractionTime: null},
  userMessage: {messageId: 1},
  botMessage: {messageId: 2, messageCode: null},
  attachments: [],
  suggestedReplies: [],
  points: {cost: null, balance: null},
  via: 'web' as const,
});

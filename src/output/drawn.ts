import {cleanLine} from './clean.js';
import {Highlighter} from './highlighter.js';
import {LiveMarkdown} from './live.js';
import type {OutputStream} from './output.js';
import type {ReplyView} from './reply.js';

interface LiveOptions {
  color: boolean;
  /** The reply is being drawn from now on, and other lines would run into it. */
  onDraw: () => void;
  onEnd: () => void;
}

/** Markdown, rendered as it grows. */
export function liveReply(stdout: OutputStream, {color, onDraw, onEnd}: LiveOptions): ReplyView {
  const highlighter = color ? new Highlighter() : undefined;
  const live = new LiveMarkdown(stdout, {color, highlighter});
  return {
    start() {},
    step(_step, text) {
      onDraw();
      live.update(text);
    },
    async done(reply) {
      await highlighter?.load(reply.text);
      live.finish(reply.text);
      for (const {name, url} of reply.attachments) {
        stdout.write(`${cleanLine([name, url].filter(Boolean).join('  '))}\n`);
      }
      onEnd();
    },
    async broken(_error, text) {
      await highlighter?.load(text);
      live.stop();
      onEnd();
    },
  };
}

import {cleanLine} from './clean.js';
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
  const live = new LiveMarkdown(stdout, {color});
  return {
    start() {},
    step(_step, text) {
      onDraw();
      live.update(text);
    },
    done(reply) {
      live.finish(reply.text);
      for (const {name, url} of reply.attachments) {
        stdout.write(`${cleanLine([name, url].filter(Boolean).join('  '))}\n`);
      }
      onEnd();
    },
    broken() {
      live.stop();
      onEnd();
    },
  };
}

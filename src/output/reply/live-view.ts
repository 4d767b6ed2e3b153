import {hostBehind} from '../format/url.js';
import {sanitizeLine} from '../terminal/sanitize.js';
import {Highlighter} from '../markdown/highlighter.js';
import {LiveMarkdown} from './live-markdown.js';
import type {OutputStream} from '../terminal/writer.js';
import type {ReplyView} from './reply-view.js';
import {Reasoning} from './reasoning.js';

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
  const thoughts = new Reasoning(stdout, {color});
  return {
    start() {},
    step(step, text) {
      onDraw();
      if (step.type === 'reasoning') {
        // What is thought while the answer is written has no place above it any more.
        if (text === '') thoughts.more(step.text);
        return;
      }
      if (thoughts.isOnlyReasoning(text)) return;
      if (text !== '') thoughts.end();
      live.update(text);
    },
    async done(reply) {
      await highlighter?.load(reply.text);
      thoughts.end();
      if (!thoughts.isOnlyReasoning(reply.text)) live.finish(reply.text);
      for (const {name, url} of reply.attachments) {
        stdout.write(`${sanitizeLine([name, url].filter(Boolean).join('  '))}${hostBehind(url ?? '')}\n`);
      }
      onEnd();
    },
    async broken(_error, text) {
      await highlighter?.load(text);
      thoughts.end();
      live.stop();
      onEnd();
    },
  };
}

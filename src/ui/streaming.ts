import type {Reply} from '../core/reply.js';
import {sanitize} from '../output/terminal/sanitize.js';
import {Highlighter} from '../output/markdown/highlighter.js';
import type {Look} from '../output/markdown/render-markdown.js';
import {StreamingMarkdown} from '../output/markdown/streaming-markdown.js';
import {Reasoning} from '../output/reply/reasoning.js';

/** Twenty pictures a second look like a stream, and cost less than thirty; at most a fifth of the time goes into them. */
const pictureMs = 50;
const rest = 4;

/** Where a reply is shown. */
interface Page {
  look(): Look;
  /** Whether it is shown only when it is whole. */
  isForScreenReader: boolean;
  /** Takes lines that stand for good, and the open rest below them. */
  show(settled: string, live: string): void;
}

/** Shows a reply as it comes in, and what came of it where it breaks off. @throws PoeError */
export async function showReply(reply: Reply, {look, isForScreenReader, show}: Page): Promise<void> {
  const highlighter = look().color ? new Highlighter() : undefined;
  const settling = new StreamingMarkdown(() => ({...look(), highlighter}));
  let thought = '';
  const thoughts = new Reasoning(
    {
      write: (text) => (thought += text),
      get columns() {
        return look().width;
      },
    },
    look(),
  );
  /** Lines that stand for good, below what of the thoughts does. */
  const below = (settled: string): string => {
    const lines = thought + settled;
    thought = '';
    return lines;
  };
  let isAnswering = false;
  let timer: NodeJS.Timeout | undefined;
  let pauseMs = pictureMs;
  const picture = async () => {
    await highlighter?.load(reply.text);
    if (timer === undefined) return;
    timer = undefined;
    const startedAt = performance.now();
    if (thoughts.isOnlyReasoning(reply.text)) return show(below(''), '');
    const {settled, live} = settling.grow(reply.text);
    show(below(settled), live);
    pauseMs = Math.max(pictureMs, rest * (performance.now() - startedAt));
  };
  try {
    for await (const step of reply) {
      if (step.type === 'title' || isForScreenReader) continue;
      if (step.type !== 'reasoning') {
        isAnswering = true;
        thoughts.end();
      }
      // What is thought while the answer is written has no place above it any more.
      else if (!isAnswering) thoughts.more(step.text);
      timer ??= setTimeout(() => void picture(), pauseMs);
    }
  } finally {
    clearTimeout(timer);
    timer = undefined;
    await highlighter?.load(reply.text);
    thoughts.end();
    const {reasoning} = reply.current;
    if (isForScreenReader && reasoning && reasoning !== reply.text)
      thought = `Thinking: ${sanitize(reasoning).trim()}\n\n`;
    show(below(thoughts.isOnlyReasoning(reply.text) ? '' : `${settling.finish(reply.text)}\n`), '');
  }
}

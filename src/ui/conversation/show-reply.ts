import type {Reply} from '../../core/reply.js';
import {ReplyRenderer, type ReplySink} from '../../output/reply/reply-renderer.js';
import {sanitize} from '../../output/terminal/sanitize.js';

interface ShowOptions {
  color: boolean;
  /** Whether the reply is shown only when it is complete. */
  isForScreenReader: boolean;
}

/** 17 frames per second look fluent and cost less than 30. */
const frameMs = 60;

/** Shows a reply in the chat while it arrives. If it is cut off, what has arrived stays. @throws PoeError */
export async function showReply(reply: Reply, sink: ReplySink, {color, isForScreenReader}: ShowOptions): Promise<void> {
  let above = '';
  const renderer = new ReplyRenderer(
    {
      get width() {
        return sink.width;
      },
      draw(committed, pending) {
        sink.draw(above + committed, pending);
        above = '';
      },
    },
    {color, frameMs, blankLineBelow: true},
  );
  try {
    for await (const event of reply) if (!isForScreenReader) renderer.handle(event, reply.text);
  } finally {
    const {reasoning} = reply.current;
    if (isForScreenReader && reasoning && reasoning !== reply.text)
      above = `Thinking: ${sanitize(reasoning).trim()}\n\n`;
    await renderer.finish(reply.text);
  }
}

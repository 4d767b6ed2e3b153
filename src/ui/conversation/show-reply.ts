import type {Reply} from '../../core/reply.js';
import type {Wrap} from '../../output/markdown/wrap.js';
import {ReplyRenderer, type ReplySink} from '../../output/reply/reply-renderer.js';
import {canStrike} from '../../output/terminal/color.js';
import {sanitize} from '../../output/terminal/sanitize.js';

interface ShowOptions {
  color: boolean;
  wrap?: Wrap | undefined;
  env: Readonly<Record<string, string | undefined>>;
  /** Whether the reply is shown only when it is complete. */
  isForScreenReader: boolean;
}

/** Shows a reply in the chat while it arrives. If it is cut off, what has arrived stays. @throws PoeError */
export async function showReply(
  reply: Reply,
  sink: ReplySink,
  {color, wrap, env, isForScreenReader}: ShowOptions,
): Promise<void> {
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
    {
      color,
      canStrike: canStrike(env),
      wrap: isForScreenReader ? 'none' : wrap,
      hasBoxes: !isForScreenReader,
      openCommand: '/open',
      blankLineBelow: true,
    },
  );
  try {
    for await (const event of reply) if (!isForScreenReader) renderer.handle(event, reply.text, reply.current);
  } finally {
    const {reasoning} = reply.current;
    if (isForScreenReader && reasoning && reasoning !== reply.text)
      above = `Thinking: ${sanitize(reasoning).trim()}\n\n`;
    await renderer.finish(reply.text, reply.current);
  }
}

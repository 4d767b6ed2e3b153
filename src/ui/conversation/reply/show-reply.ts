import type {Reply} from '../../../core/reply.js';
import type {Wrap} from '../../../output/markdown/wrap.js';
import {type ReplyDetails, ReplyRenderer, type ReplySink} from '../../../output/reply/reply-renderer.js';
import {canStrike} from '../../../output/terminal/color.js';
import {videoProgress} from '../../../output/format/video-progress.js';
import {sanitize} from '../../../output/terminal/sanitize.js';
import type {Thinking} from './thinking.js';

interface ShowOptions {
  color: boolean;
  wrap?: Wrap | undefined;
  env: Readonly<Record<string, string | undefined>>;
  /** Whether the reply is shown only when it is complete. */
  isForScreenReader: boolean;
}

/**
 * Shows a reply in the chat while it arrives. If it is cut off, what has arrived stays.
 * @param onVideo called with how far a video is
 * @param thinking shows the reasoning in its own way; undefined to print all of it above the answer
 * @throws PoeError
 */
export async function showReply(
  reply: Reply,
  sink: ReplySink,
  {thinking, onVideo, ...options}: ShowOptions & {thinking: Thinking | undefined; onVideo: (progress: string) => void},
): Promise<void> {
  const {isForScreenReader} = options;
  let above = '';
  const renderer = new ReplyRenderer(
    {
      get width() {
        return sink.width;
      },
      draw(committed, pending) {
        const lines = above + committed;
        above = '';
        sink.draw(lines, pending);
      },
    },
    {...rendererOptions(options), hidesReasoning: thinking !== undefined},
  );
  try {
    for await (const event of reply) {
      if (event.type === 'progress') onVideo(videoProgress(event));
      if (event.type === 'reasoning') thinking?.add(event.text);
      else if (hasAnswer(reply)) above += thinking?.end() ?? '';
      if (!isForScreenReader) renderer.handle(event, reply.text, reply.current);
    }
  } finally {
    const {reasoning} = reply.current;
    above += thinking?.end({isAnswered: hasAnswer(reply)}) ?? '';
    if (isForScreenReader && reasoning && reasoning !== reply.text)
      above = `Thinking: ${sanitize(reasoning).trim()}\n\n`;
    await renderer.finish(reply.text, reply.current);
  }
}

/** Shows an earlier reply as it was shown live. */
export async function showText(
  text: string,
  details: ReplyDetails,
  sink: ReplySink,
  options: ShowOptions,
): Promise<void> {
  await new ReplyRenderer(sink, rendererOptions(options)).finish(text, details);
}

const rendererOptions = ({color, wrap, env, isForScreenReader}: ShowOptions) =>
  ({
    color,
    canStrike: canStrike(env),
    wrap: isForScreenReader ? 'none' : wrap,
    hasBoxes: !isForScreenReader,
    openCommand: '/open',
    blankLineBelow: true,
  }) as const;

/** Some bots repeat their reasoning as the answer. */
const hasAnswer = ({text, current}: Reply): boolean => text !== '' && text !== current.reasoning;

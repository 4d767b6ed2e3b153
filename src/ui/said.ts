import type {Message} from '../core/model.js';

export const lastReply = (messages: readonly Message[]): Message | undefined =>
  messages.findLast(({author}) => author !== 'human' && author !== 'chat_break');

/** What was sent, as it is repeated above its answer: of a long text the start. */
export function shortened(text: string): string {
  const lines = text.split('\n');
  if (lines.length <= 20) return text;
  return [...lines.slice(0, 5), `[${(lines.length - 5).toLocaleString('en-US')} more lines]`].join('\n');
}

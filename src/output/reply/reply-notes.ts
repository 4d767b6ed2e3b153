import type {ReplyResult} from '../../core/reply.js';

const reasons: Readonly<Record<string, string>> = {
  length: 'The reply reached its maximum length. Ask the bot to continue.',
  content_filter: 'A content filter cut off the reply.',
  tool_calls: 'The bot tried to call a tool, which poe does not support.',
};

/** Notes about a reply that did not end normally, or is not all that the bot sent. */
export function stopNotes({text, reasoning, finishReason, otherReplies = []}: ReplyResult): string[] {
  const reason = finishReason ?? '';
  return [
    ...(reasoning && reasoning === text ? ['The bot answered only in its reasoning, which is shown.'] : []),
    ...(Object.hasOwn(reasons, reason) ? [reasons[reason] ?? ''] : []),
    ...(otherReplies.length > 0 ? [othersNote(otherReplies.length)] : []),
  ];
}

const othersNote = (count: number): string =>
  count === 1
    ? 'The bot sent another message to the same question. The history of the chat shows it.'
    : `The bot sent ${count} other messages to the same question. The history of the chat shows them.`;

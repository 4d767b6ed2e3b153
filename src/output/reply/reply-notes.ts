import type {ReplyResult} from '../../core/reply.js';

const reasons: Readonly<Record<string, string>> = {
  length: 'The reply reached its maximum length. Ask the bot to continue.',
  content_filter: 'A content filter cut off the reply.',
  tool_calls: 'The bot tried to call a tool, which poe does not support.',
};

/** Notes about a reply that did not end normally. */
export function stopNotes({text, reasoning, finishReason}: ReplyResult): string[] {
  const reason = finishReason ?? '';
  return [
    ...(reasoning && reasoning === text ? ['The bot answered only in its reasoning, which is shown.'] : []),
    ...(Object.hasOwn(reasons, reason) ? [reasons[reason] ?? ''] : []),
  ];
}

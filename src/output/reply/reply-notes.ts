import type {ReplyResult} from '../../core/reply.js';

const reasons: Readonly<Record<string, string>> = {
  length: 'The bot stopped because its answer is as long as it may be: ask it to go on.',
  content_filter: 'A filter stopped the bot before the end of its answer.',
  tool_calls: 'The bot stopped to have a tool called, and poe has none.',
};

/** What to say of a reply whose end is not what it seems. */
export function stopNotes({text, reasoning, finishReason}: ReplyResult): string[] {
  const reason = finishReason ?? '';
  return [
    ...(reasoning && reasoning === text ? ['The bot put its answer among its thoughts; these are shown.'] : []),
    ...(Object.hasOwn(reasons, reason) ? [reasons[reason] ?? ''] : []),
  ];
}

import type {Chat} from '../../../core/model.js';
import {fileName} from '../../../output/format/file-names.js';
import type {ChatDeps} from '../../chat-deps.js';
import {nameOf} from '../chat-session.js';

/** Writes a chat to a new Markdown file. @returns what to tell the user @throws PoeError if it cannot be written */
export async function exportChat(
  deps: Pick<ChatDeps, 'chat' | 'writeNewFile'>,
  chat: Chat | undefined,
  path?: string,
): Promise<string> {
  if (!chat) return 'No chat yet. Send a message first.';
  const name = nameOf(chat);
  const {chat: current, messages} = await deps.chat(name, 'all');
  const {localTranscript} = await import('../../../output/transcript/transcript.js');
  const file = path ?? fileName(`poe-${name}.md`);
  await deps.writeNewFile(file, localTranscript(current, messages));
  return `Exported to ${file}`;
}

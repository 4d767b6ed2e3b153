import type {Chat} from '../../core/model.js';
import {fileName} from '../../output/format/file-names.js';
import type {Host} from '../chat-deps.js';

/** Writes a chat as Markdown; what is there already stays. @returns what to say of it @throws PoeError when it cannot be written */
export async function exportChat(
  {chat: read, writeNewFile: writeNew}: Pick<Host, 'chat' | 'writeNewFile'>,
  chat: Chat | undefined,
  path?: string,
): Promise<string> {
  if (!chat) return 'Nothing to export yet';
  const name = chat.chatCode ?? String(chat.chatId);
  const whole = await read(name, 'all');
  const {localTranscript} = await import('../../output/transcript/transcript.js');
  const file = path ?? fileName(`poe-${name}.md`);
  await writeNew(file, localTranscript(whole.chat, whole.messages));
  return `Exported to ${file}`;
}

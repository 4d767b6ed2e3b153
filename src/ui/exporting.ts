import {writeFileSync} from 'node:fs';
import type {Chat} from '../core/model.js';
import type {Host} from './host.js';

/** Writes a chat as Markdown; what is there already stays. @returns what to say of it @throws when it cannot be written */
export async function exported(host: Pick<Host, 'chat'>, chat: Chat | undefined, path?: string): Promise<string> {
  if (!chat) return 'There is no chat yet';
  const name = chat.chatCode ?? String(chat.chatId);
  const whole = await host.chat(name, 'all');
  const {readable} = await import('../output/transcript.js');
  const file = path ?? `poe-${name.replaceAll(/[^\w-]/g, '_')}.md`;
  writeFileSync(file, readable(whole.chat, whole.messages), {flag: 'wx'});
  return `Written to ${file}`;
}

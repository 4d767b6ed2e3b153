import * as v from 'valibot';
import {PoeError} from '../../../errors.js';
import type {ChatCopy} from '../../../chat-copy.js';
import {readChatGptExport} from './chatgpt-export.js';
import {readClaudeExport} from './claude-export.js';
import {readPoeExport} from './poe-export.js';

/**
 * Reads the chats in a file that poe exported as JSON, or in the `conversations.json` of an export from ChatGPT or Claude. Chats
 * without messages are left out, and the index of an export by poe has none.
 * @param text JSON: a chat, or an array of chats
 * @throws PoeError `file` if it is something else
 */
export function readExports(text: string): ChatCopy[] {
  const value = parseJson(text.replace(/^\uFEFF/, ''));
  if (v.is(Index, value)) return [];
  const chats = (Array.isArray(value) ? value : [value]).flatMap((chat: unknown) => {
    const copy = readPoeExport(chat) ?? readChatGptExport(chat) ?? readClaudeExport(chat);
    return copy ? [copy] : [];
  });
  if (chats.length === 0) throw notAnExport('it has no chat in a known format');
  return chats.filter(({messages}) => messages.some(({author}) => author !== 'context_break'));
}

/** The `index.json` of a folder with exported chats. */
const Index = v.object({chats: v.array(v.object({file: v.string(), chatCode: v.string()}))});

function parseJson(text: string): unknown {
  if (text.startsWith('PK')) throw notAnExport('it is a ZIP archive', 'Unpack it, and import its conversations.json.');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw notAnExport('it is not JSON', undefined, error);
  }
}

const notAnExport = (
  message: string,
  hint = 'Chats that poe exported as JSON can be imported, and the conversations.json of ChatGPT and Claude.',
  cause?: unknown,
): PoeError => new PoeError('file', message, {hint, cause});

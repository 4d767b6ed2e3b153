import type {ContentBlock} from '@modelcontextprotocol/sdk/types.js';
import {z} from 'zod';
import {snippetOf} from '../../context/archive/snippet.js';
import {isUserMessage} from '../../core/message.js';
import {chatUri} from '../resources/chat-uri.js';
import {defineTool} from './tool.js';

const hit = z.object({
  chat: z.string().describe('The code of the chat.'),
  uri: z.string().describe('The resource with the whole chat.'),
  title: z.string().nullable(),
  bot: z.string().nullable(),
  role: z.enum(['user', 'bot']),
  time: z.string().nullable(),
  snippet: z.string(),
});

export const historySearch = defineTool({
  name: 'history_search',
  title: 'Search old chats',
  description:
    'Search the messages of the chats that the user has copied to this machine with poe sync, newest first. A message must contain all words; quote a phrase. Sends nothing and costs nothing.',
  input: z.strictObject({
    query: z.string().min(1).describe('Words, or a phrase in double quotes.'),
    bot: z.string().optional().describe('Only messages of this bot, and questions to it.'),
    role: z.enum(['user', 'bot']).optional().describe('Only messages from the user, or from bots.'),
    since: z.iso.date().optional().describe('Only messages since this day, such as 2026-04-01.'),
    limit: z.number().int().min(1).max(100).default(20),
  }),
  output: z.object({hits: z.array(hit), note: z.string().nullable()}),
  needsArchive: true,
  async run({query, bot, role, since, limit}, {host}) {
    const words = [...query.matchAll(/"([^"]+)"|[^\s"]+/g)].map(([word, phrase]) => phrase ?? word);
    const archive = await host.openArchive();
    try {
      const hits = [
        ...archive.search(words, {bot, role, since: since === undefined ? since : new Date(since), limit}),
      ].map(({chat, message}): z.infer<typeof hit> => {
        const {before, match, after} = snippetOf(message.text, words);
        const code = chat.chatCode ?? String(chat.chatId);
        return {
          chat: code,
          uri: chatUri(code),
          title: chat.title,
          bot: message.bot?.handle ?? chat.bot,
          role: isUserMessage(message) ? 'user' : 'bot',
          time: message.creationTime,
          snippet: before + match + after,
        };
      });
      const isEmpty = hits.length === 0 && archive.counts().chats === 0;
      const note = isEmpty ? 'The archive is empty. The user can copy chats to it with: poe sync' : null;
      const content = hits.map(({title, role, time, snippet, chat}): ContentBlock => ({
        type: 'text',
        text: `${title ?? 'Untitled chat'} (${chat}, ${role}${time === null ? '' : `, ${time}`})\n${snippet}`,
      }));
      return {
        content: content.length > 0 ? content : [{type: 'text', text: note ?? 'No messages were found.'}],
        structuredContent: {hits, note},
      };
    } finally {
      archive.close();
    }
  },
});

import * as v from 'valibot';
import type {Attachment} from '../../../model.js';
import type {ChatCopy, CopiedMessage} from '../../../chat-copy.js';
import {fenced} from './fenced.js';

/* A conversation in the `conversations.json` of a Claude export (2026). */

const text = v.fallback(v.nullish(v.string(), null), null);
const list = v.fallback(v.array(v.unknown()), []);

const ClaudeMessage = v.object({
  sender: v.picklist(['human', 'assistant']),
  text: v.fallback(v.string(), ''),
  content: list,
  created_at: text,
  attachments: list,
  files: list,
});

const Conversation = v.object({
  uuid: v.string(),
  name: text,
  model: text,
  chat_messages: v.array(v.unknown()),
});

/** @returns undefined if the value is not a conversation */
export function readClaudeExport(value: unknown): ChatCopy | undefined {
  const parsed = v.safeParse(Conversation, value);
  if (!parsed.success) return undefined;
  const {uuid, name, model, chat_messages: messages} = parsed.output;
  return {
    source: `claude:${uuid}`,
    title: name || null,
    bot: model,
    messages: messages.flatMap((each) => toCopy(each, model)),
  };
}

function toCopy(value: unknown, model: string | null): CopiedMessage[] {
  const parsed = v.safeParse(ClaudeMessage, value);
  if (!parsed.success) return [];
  const {sender, created_at: time} = parsed.output;
  const attachments = [...parsed.output.attachments, ...parsed.output.files].flatMap(toAttachment);
  const message = [textOf(parsed.output), ...parsed.output.attachments.map(extractedText)].filter(Boolean).join('\n\n');
  if (message === '' && attachments.length === 0) return [];
  return [
    {
      author: sender === 'human' ? 'human' : 'bot',
      bot: sender === 'human' ? null : (model ?? 'Claude'),
      text: message,
      state: 'complete',
      time: time !== null && !Number.isNaN(Date.parse(time)) ? new Date(time).toISOString() : null,
      attachments,
    },
  ];
}

/** The text parts of a message, without thoughts and tools. Older exports have only `text`. */
function textOf({content, text}: v.InferOutput<typeof ClaudeMessage>): string {
  const parts = content.flatMap((part) => {
    const parsed = v.safeParse(v.object({type: v.literal('text'), text: v.string()}), part);
    return parsed.success && parsed.output.text !== '' ? [parsed.output.text] : [];
  });
  return (parts.length > 0 ? parts.join('\n\n') : text).trim();
}

const File = v.object({
  file_name: v.string(),
  file_type: text,
  file_size: v.fallback(v.nullish(v.number(), null), null),
  extracted_content: text,
});

/** The export names the files, but has no URLs. */
function toAttachment(value: unknown): Attachment[] {
  const parsed = v.safeParse(File, value);
  if (!parsed.success) return [];
  const {file_name: name, file_type: type, file_size: size} = parsed.output;
  return [{name, url: null, mimeType: type?.includes('/') ? type : null, size}];
}

/** The text that Claude read from an attached file, which the bot needs to continue. */
function extractedText(value: unknown): string {
  const parsed = v.safeParse(File, value);
  if (!parsed.success || !parsed.output.extracted_content) return '';
  const {file_name: name, extracted_content: content} = parsed.output;
  return `${name}:\n\n${fenced(content)}`;
}

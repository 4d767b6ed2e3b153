import * as v from 'valibot';
import type {Attachment} from '../../../model.js';
import type {ChatCopy, CopiedMessage} from '../../../chat-copy.js';
import {fenced} from './fenced.js';

/*
 * A conversation in the `conversations.json` of a ChatGPT export (2026): a tree of messages by ID. Each has a parent, and
 * `current_node` is the last one of the branch that the page shows.
 */

const text = v.fallback(v.nullish(v.string(), null), null);
const seconds = v.fallback(v.nullish(v.number(), null), null);

const ChatGptMessage = v.object({
  author: v.object({role: v.string()}),
  /** The tool that an assistant calls, or `all`. */
  recipient: text,
  create_time: seconds,
  content: v.object({
    content_type: v.string(),
    parts: v.fallback(v.array(v.unknown()), []),
    text,
    language: text,
  }),
  metadata: v.fallback(
    v.nullish(
      v.object({
        model_slug: text,
        is_visually_hidden_from_conversation: v.fallback(v.nullish(v.boolean(), null), null),
        attachments: v.fallback(v.array(v.unknown()), []),
      }),
      null,
    ),
    null,
  ),
});
type ChatGptMessage = v.InferOutput<typeof ChatGptMessage>;

const Node = v.object({parent: text, message: v.fallback(v.nullish(ChatGptMessage, null), null)});

const Conversation = v.object({
  id: text,
  conversation_id: text,
  title: text,
  current_node: text,
  default_model_slug: text,
  mapping: v.record(v.string(), v.unknown()),
});

/** @returns undefined if the value is not a conversation */
export function readChatGptExport(value: unknown): ChatCopy | undefined {
  const parsed = v.safeParse(Conversation, value);
  if (!parsed.success) return undefined;
  const conversation = parsed.output;
  const id = conversation.conversation_id ?? conversation.id ?? conversation.current_node;
  if (id === null) return undefined;
  const messages = branch(conversation.mapping, conversation.current_node).flatMap(toCopy);
  const lastBot = messages.flatMap((message) => (message.author === 'bot' ? [message.bot] : [])).at(-1);
  return {
    source: `chatgpt:${id}`,
    title: conversation.title,
    bot: lastBot ?? conversation.default_model_slug,
    messages,
  };
}

/** The messages from the first one to `last`. An export without `last` is read to the end of its newest branch. */
function branch(mapping: Record<string, unknown>, last: string | null): ChatGptMessage[] {
  const messages: ChatGptMessage[] = [];
  const seen = new Set<string>();
  let id = last !== null && last in mapping ? last : (Object.keys(mapping).at(-1) ?? null);
  while (id !== null && !seen.has(id)) {
    seen.add(id);
    const node = v.safeParse(Node, mapping[id]);
    if (!node.success) break;
    if (node.output.message) messages.push(node.output.message);
    id = node.output.parent;
  }
  return messages.toReversed();
}

/** Tools, system texts, thoughts and empty messages are left out. */
function toCopy({author: {role}, recipient, create_time, content, metadata}: ChatGptMessage): CopiedMessage[] {
  if (role !== 'user' && role !== 'assistant') return [];
  if (recipient !== null && recipient !== 'all') return [];
  if (metadata?.is_visually_hidden_from_conversation) return [];
  const message = textOf(content);
  const attachments = (metadata?.attachments ?? []).flatMap(toAttachment);
  if (message === '' && attachments.length === 0) return [];
  const isUser = role === 'user';
  return [
    {
      author: isUser ? 'human' : 'bot',
      bot: isUser ? null : (metadata?.model_slug ?? 'ChatGPT'),
      text: message,
      state: 'complete',
      time: timeOf(create_time),
      attachments,
    },
  ];
}

function textOf({content_type: type, parts, text, language}: ChatGptMessage['content']): string {
  if (type === 'code' && text !== null) return fenced(text, language ?? '');
  if (type !== 'text' && type !== 'multimodal_text') return '';
  return parts.map(partText).filter(Boolean).join('\n\n').replaceAll(citation, '').trim();
}

/** Marks of sources in the text, in characters for private use. */
const citation = /\uE200[^\uE201]*\uE201/g;

/** A part is a text, a transcript of speech, or a file. */
function partText(part: unknown): string {
  if (typeof part === 'string') return part;
  const spoken = v.safeParse(v.object({content_type: v.literal('audio_transcription'), text: v.string()}), part);
  return spoken.success ? spoken.output.text : '';
}

/** The export names the files, but has no URLs. */
function toAttachment(value: unknown): Attachment[] {
  const parsed = v.safeParse(v.object({name: v.string(), mime_type: text, size: seconds}), value);
  if (!parsed.success) return [];
  const {name, mime_type: mimeType, size} = parsed.output;
  return [{name, url: null, mimeType, size}];
}

function timeOf(seconds: number | null): string | null {
  if (seconds === null) return null;
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

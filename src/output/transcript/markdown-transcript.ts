import {isContextBreak, isUserMessage} from '../../core/message.js';
import type {Attachment, Chat, Citation, Message} from '../../core/model.js';
import {openFence} from '../markdown/streaming/blocks.js';
import {referencesOf, withInlineUrls} from '../markdown/inline-files.js';
import type {MarkdownPart} from '../markdown/render-document.js';
import {citationLabel, contextClearedText, speaker, textOf, titleOf, urlOf} from './labels.js';

type FormatTime = (iso: string | null) => string;

export interface TranscriptOptions {
  /** Whether the ID of each message is shown. */
  ids?: boolean;
}

/**
 * A chat as Markdown, with the exact texts of its messages. Only the URLs of pictures that a text names are added to it.
 * @param formatTime formats ISO 8601 times, and null as ''
 */
export const markdownTranscript = (chat: Chat, messages: readonly Message[], formatTime: FormatTime): string =>
  `${transcriptParts(chat, messages, formatTime)
    .map(({markdown}) => markdown)
    .join('\n\n')}\n`;

/** Like `markdownTranscript`, in parts that can be rendered for themselves. */
export function transcriptParts(
  chat: Chat,
  messages: readonly Message[],
  formatTime: FormatTime,
  options: TranscriptOptions = {},
): MarkdownPart[] {
  const url = urlOf(chat);
  const details = [chat.bot && escapeMarkdown(chat.bot), url && `<${url}>`, formatTime(chat.lastInteractionTime)];
  return [
    {markdown: `# ${escapeMarkdown(titleOf(chat))}`, isOwn: true},
    {markdown: details.filter(Boolean).join(' · '), isOwn: true},
    ...messages.flatMap((message) => messageParts(chat, message, formatTime, options)),
  ].filter(({markdown}) => markdown !== '');
}

function messageParts(
  chat: Chat,
  message: Message,
  formatTime: FormatTime,
  {ids = false}: TranscriptOptions,
): MarkdownPart[] {
  const time = formatTime(message.creationTime);
  if (isContextBreak(message))
    return [{markdown: `---\n\n*${contextClearedText}${prefixed(', ', time)}*`, isOwn: true}];
  const id = ids ? String(message.messageId) : '';
  return [
    {
      markdown: `## ${escapeMarkdown(speaker(chat, message))}${prefixed(' · ', time)}${message.isEdited ? ' · edited' : ''}${prefixed(' · ', id)}`,
      isOwn: true,
    },
    textPart(message),
    {markdown: message.attachments.map(link).join('\n'), isOwn: true},
    {markdown: (message.citations ?? []).map(citation).join('\n'), isOwn: true},
  ];
}

function textPart(message: Message): MarkdownPart {
  const text = textOf(message);
  if (message.contentType === 'text/plain') return {markdown: fenced(text), plainText: text};
  const markdown = withClosedFence(withInlineUrls(text, message.attachments));
  // What users type is no Markdown: code without a fence would lose its indentation.
  if (isUserMessage(message)) return {markdown, plainText: text};
  return {markdown, references: referencesOf(message.attachments)};
}

const prefixed = (prefix: string, text: string) => (text === '' ? '' : prefix + text);

/** A text that is not Markdown, as a code block. */
function fenced(text: string): string {
  const longest = [...text.matchAll(/`+/g)].reduce((length, [marks]) => Math.max(length, marks.length), 2);
  const fence = '`'.repeat(longest + 1);
  return text === '' ? '' : `${fence}\n${text}${text.endsWith('\n') ? '' : '\n'}${fence}`;
}

/** Closes a code block at the end of a text, which would otherwise include the rest of the document. */
function withClosedFence(text: string): string {
  const fence = openFence(`${text}\n`).trimEnd();
  return fence === '' ? text : `${text}${text.endsWith('\n') ? '' : '\n'}${fence}`;
}

const link = ({name, url}: Attachment): string => `- ${linkTo(url, name ?? url ?? 'attachment')}`;

/** A source that the bot named. Its number is that in the text. */
const citation = (source: Citation, index: number): string =>
  `${index + 1}. ${linkTo(source.url, citationLabel(source))}`;

const linkTo = (url: string | null, label: string): string =>
  url === null ? escapeMarkdown(label) : `[${escapeMarkdown(label)}](${url.replaceAll(/[\s<>()\\]/g, percentEncoded)})`;

/** Escapes a name for Markdown, on one line. */
export const escapeMarkdown = (text: string): string =>
  text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(
      /[\\`*[\]<~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|&(?=#?\w+;)|(?<= )#+$|^[#>+-]|(?<=^\d{1,9})[.)]/gu,
      String.raw`\$&`,
    );

/** `encodeURIComponent` does not encode parentheses, which would end the link. */
const percentEncoded = (character: string): string =>
  character === '(' ? '%28' : character === ')' ? '%29' : encodeURIComponent(character);

import {isContextBreak} from '../../core/message.js';
import type {Attachment, Chat, Message} from '../../core/model.js';
import {openFence} from '../markdown/blocks.js';
import {contextClearedText, speaker, textOf, titleOf, urlOf} from './labels.js';

/**
 * A chat as Markdown, with the exact texts of its messages.
 * @param formatTime formats ISO 8601 times, and null as ''
 */
export function markdownTranscript(
  chat: Chat,
  messages: readonly Message[],
  formatTime: (iso: string | null) => string,
): string {
  const url = urlOf(chat);
  const details = [chat.bot && escapeMarkdown(chat.bot), url && `<${url}>`, formatTime(chat.lastInteractionTime)];
  const sections = messages.map((message) =>
    isContextBreak(message)
      ? `---\n\n*${contextClearedText}${prefixed(', ', formatTime(message.creationTime))}*`
      : paragraphs(
          `## ${escapeMarkdown(speaker(chat, message))}${prefixed(' · ', formatTime(message.creationTime))}`,
          withClosedFence(textOf(message)),
          message.attachments.map(link).join('\n'),
        ),
  );
  return `${paragraphs(`# ${escapeMarkdown(titleOf(chat))}`, details.filter(Boolean).join(' · '), ...sections)}\n`;
}

const paragraphs = (...parts: string[]): string => parts.filter((part) => part !== '').join('\n\n');
const prefixed = (prefix: string, text: string) => (text === '' ? '' : prefix + text);

/** Closes a code block at the end of a text, which would otherwise include the rest of the document. */
function withClosedFence(text: string): string {
  const fence = openFence(`${text}\n`).trimEnd();
  return fence === '' ? text : `${text}${text.endsWith('\n') ? '' : '\n'}${fence}`;
}

const link = ({name, url}: Attachment): string =>
  `- ${url === null ? escapeMarkdown(name ?? 'attachment') : `[${escapeMarkdown(name ?? url)}](${url.replaceAll(/[\s<>()\\]/g, percentEncoded)})`}`;

/** Escapes a name for Markdown, on one line. */
const escapeMarkdown = (text: string): string =>
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

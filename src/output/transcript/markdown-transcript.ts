import {isContextBreak} from '../../core/message.js';
import type {Attachment, Chat, Message} from '../../core/model.js';
import {openFence} from '../markdown/blocks.js';
import {addressOf, breakText, said, speaker, titleOf} from './labels.js';

/**
 * A chat as Markdown, the texts of its messages as they were written.
 * @param time says when something was
 */
export function markdownTranscript(
  chat: Chat,
  messages: readonly Message[],
  time: (iso: string | null) => string,
): string {
  const address = addressOf(chat);
  const facts = [chat.bot && literal(chat.bot), address && `<${address}>`, time(chat.lastInteractionTime)];
  const sections = messages.map((message) =>
    isContextBreak(message)
      ? `---\n\n*${breakText}${after(', ', time(message.creationTime))}*`
      : joined(
          `## ${literal(speaker(chat, message))}${after(' · ', time(message.creationTime))}`,
          closed(said(message)),
          message.attachments.map(link).join('\n'),
        ),
  );
  return `${joined(`# ${literal(titleOf(chat))}`, facts.filter(Boolean).join(' · '), ...sections)}\n`;
}

const joined = (...parts: string[]): string => parts.filter((part) => part !== '').join('\n\n');
const after = (sign: string, text: string) => (text === '' ? '' : sign + text);

/** A text that ends within a code block would swallow all that follows: the block is closed below it. */
function closed(text: string): string {
  const fence = openFence(`${text}\n`).trimEnd();
  return fence === '' ? text : `${text}${text.endsWith('\n') ? '' : '\n'}${fence}`;
}

const link = ({name, url}: Attachment): string =>
  `- ${url === null ? literal(name ?? 'attachment') : `[${literal(name ?? url)}](${url.replaceAll(/[\s<>()\\]/g, percent)})`}`;

/** A name on one line, in which no character means anything to Markdown. */
const literal = (text: string): string =>
  text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(
      /[\\`*[\]<~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|&(?=#?\w+;)|(?<= )#+$|^[#>+-]|(?<=^\d{1,9})[.)]/gu,
      String.raw`\$&`,
    );

/** The parentheses are left by `encodeURIComponent`, and would end the link. */
const percent = (sign: string): string => (sign === '(' ? '%28' : sign === ')' ? '%29' : encodeURIComponent(sign));

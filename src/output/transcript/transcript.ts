import type {Chat, Message} from '../../core/model.js';
import {isUserMessage} from '../../core/message.js';
import {Highlighter} from '../markdown/highlighter.js';
import {dateTime, utcTime} from '../format/time.js';
import {htmlPage} from './html-page.js';
import type {MarkdownPart} from '../markdown/render-document.js';
import {markdownTranscript, transcriptParts, type TranscriptOptions} from './markdown-transcript.js';

export type TranscriptFormat = 'md' | 'json' | 'html';

/**
 * A chat as the content of a file: Markdown, JSON, or a self-contained web page with colored code.
 * @param messages oldest first
 * @param images the content of images for a web page by their URL, as `data:` URLs
 */
export async function transcript(
  format: TranscriptFormat,
  chat: Chat,
  messages: readonly Message[],
  images?: ReadonlyMap<string, string>,
): Promise<string> {
  switch (format) {
    case 'md':
      return markdownTranscript(chat, messages, utcTime);
    case 'json':
      return `${JSON.stringify({chat, messages}, null, 2)}\n`;
    case 'html':
      return htmlPage(chat, messages, {highlighter: await highlighterFor(messages), images});
  }
}

/** A chat as Markdown for this machine, with local times. */
export const localTranscript = (chat: Chat, messages: readonly Message[]): string =>
  markdownTranscript(chat, messages, dateTime);

/** Like `localTranscript`, to be rendered on a terminal. */
export const localParts = (chat: Chat, messages: readonly Message[], options?: TranscriptOptions): MarkdownPart[] =>
  transcriptParts(chat, messages, dateTime, options);

async function highlighterFor(messages: readonly Message[]): Promise<Highlighter> {
  const highlighter = new Highlighter();
  for (const message of messages) if (!isUserMessage(message)) await highlighter.load(message.text);
  return highlighter;
}

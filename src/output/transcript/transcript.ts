import type {Chat, Message} from '../../core/model.js';
import {isUserMessage, withFileUrls} from '../../core/message.js';
import {Highlighter} from '../markdown/highlighter.js';
import {dateTime, utcTime} from '../format/time.js';
import {htmlPage} from './html-page.js';
import type {MarkdownPart} from '../markdown/render-document.js';
import {markdownTranscript, transcriptParts, type TranscriptOptions} from './markdown-transcript.js';

export type TranscriptFormat = 'md' | 'json' | 'html';

export interface TranscriptFiles {
  /** The content of images for a web page by their URL, as `data:` URLs. */
  images?: ReadonlyMap<string, string> | undefined;
  /** The paths of copies, as URLs relative to the transcript, by the URL of the file. */
  copies?: ReadonlyMap<string, string> | undefined;
}

/**
 * A chat as the content of a file: Markdown, JSON, or a self-contained web page with colored code.
 * @param messages oldest first
 */
export async function transcript(
  format: TranscriptFormat,
  chat: Chat,
  messages: readonly Message[],
  {images, copies = new Map()}: TranscriptFiles = {},
): Promise<string> {
  switch (format) {
    case 'md':
      return markdownTranscript(
        chat,
        messages.map((message) => withFileUrls(message, copies)),
        utcTime,
      );
    case 'json':
      return `${JSON.stringify({chat, messages, ...(copies.size > 0 && {files: Object.fromEntries(copies)})}, null, 2)}\n`;
    case 'html':
      return htmlPage(chat, messages, {highlighter: await highlighterFor(messages), images, copies});
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

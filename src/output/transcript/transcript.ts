import type {Chat, Message} from '../../core/model.js';
import {dateTime, utcTime} from '../format/time.js';
import {htmlPage} from './html-page.js';
import type {MarkdownPart} from '../markdown/render-document.js';
import {markdownTranscript, transcriptParts, type TranscriptOptions} from './markdown-transcript.js';

/**
 * A chat as the content of a file: Markdown, JSON, or a self-contained web page.
 * @param messages oldest first
 */
export function transcript(format: 'md' | 'json' | 'html', chat: Chat, messages: readonly Message[]): string {
  switch (format) {
    case 'md':
      return markdownTranscript(chat, messages, utcTime);
    case 'json':
      return `${JSON.stringify({chat, messages}, null, 2)}\n`;
    case 'html':
      return htmlPage(chat, messages);
  }
}

/** A chat as Markdown for this machine, with local times. */
export const localTranscript = (chat: Chat, messages: readonly Message[]): string =>
  markdownTranscript(chat, messages, dateTime);

/** Like `localTranscript`, to be rendered on a terminal. */
export const localParts = (chat: Chat, messages: readonly Message[], options?: TranscriptOptions): MarkdownPart[] =>
  transcriptParts(chat, messages, dateTime, options);

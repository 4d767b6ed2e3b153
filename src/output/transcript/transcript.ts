import type {Chat, Message} from '../../core/model.js';
import {markdownTranscript} from './markdown-transcript.js';
import {page} from './html-page.js';
import {dateTime, universalTime} from '../format/time.js';

/**
 * A whole chat as a file: Markdown, JSON, or a web page that needs nothing else and can do nothing but be read.
 * @param messages oldest first
 */
export function transcript(format: 'md' | 'json' | 'html', chat: Chat, messages: readonly Message[]): string {
  switch (format) {
    case 'md':
      return markdownTranscript(chat, messages, universalTime);
    case 'json':
      return `${JSON.stringify({chat, messages}, null, 2)}\n`;
    case 'html':
      return page(chat, messages);
  }
}

/** A chat as Markdown to be read here and now: as the file, but with the times of this place. */
export const readable = (chat: Chat, messages: readonly Message[]): string =>
  markdownTranscript(chat, messages, dateTime);

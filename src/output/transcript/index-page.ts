import {utcTime} from '../format/time.js';
import {escapeHtml} from './markdown-to-html.js';
import {escapeMarkdown} from './markdown-transcript.js';
import {pageHead} from './html-page.js';
import type {TranscriptFormat} from './transcript.js';

/** A chat in an index. */
export interface IndexEntry {
  /** The name of its file, in the same folder. */
  file: string;
  title: string | null;
  bot: string | null;
  /** ISO 8601. */
  lastInteractionTime: string | null;
}

/** The list of exported chats, with links to their files. @param chats newest first */
export function indexPage(format: TranscriptFormat, chats: readonly IndexEntry[]): string {
  switch (format) {
    case 'md':
      return `# Chats\n\n${chats.map(markdownItem).join('')}`;
    case 'json':
      return `${JSON.stringify({chats}, null, 2)}\n`;
    case 'html':
      return `${pageHead('Chats')}
<body>
<header>
<h1>Chats</h1>
<p>${chats.length} chats</p>
</header>
<main>
<ul class="index">
${chats.map(htmlItem).join('')}</ul>
</main>
</body>
</html>
`;
  }
}

const labelOf = ({title}: IndexEntry): string => title?.trim() || 'Untitled chat';

/** File names have letters of any language, digits and dashes only. */
const markdownItem = (chat: IndexEntry): string => {
  const details = [chat.bot === null ? '' : escapeMarkdown(chat.bot), utcTime(chat.lastInteractionTime)];
  const end = details.filter(Boolean).join(' · ');
  return `- [${escapeMarkdown(labelOf(chat))}](<${chat.file}>)${end && ` · ${end}`}\n`;
};

const htmlItem = (chat: IndexEntry): string => {
  const details = [chat.bot ?? '', utcTime(chat.lastInteractionTime)].filter(Boolean).join(' · ');
  const link = `<a href="${escapeHtml(encodeURI(chat.file))}"><bdi>${escapeHtml(labelOf(chat))}</bdi></a>`;
  return `<li>${link} <small><bdi>${escapeHtml(details)}</bdi></small></li>\n`;
};

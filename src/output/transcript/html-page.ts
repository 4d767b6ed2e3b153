import {isContextBreak, isUserMessage} from '../../core/message.js';
import type {Attachment, Chat, Message} from '../../core/model.js';
import {utcTime} from '../format/time.js';
import {isInline, referencesOf} from '../markdown/inline-files.js';
import {citationLabel, contextClearedText, notesOf, speaker, textOf, titleOf, urlOf} from './labels.js';
import {escapeHtml, type HtmlOptions, image, link, linkToFile, toHtml} from './markdown-to-html.js';
import {pageStyle} from './page-style.js';

/**
 * A chat as a self-contained web page without scripts. The texts of its messages are escaped, and a content security policy
 * makes the browser refuse anything else.
 */
export function htmlPage(chat: Chat, messages: readonly Message[], options: PageOptions = {}): string {
  const title = escapeHtml(titleOf(chat));
  return `${pageHead(titleOf(chat))}
<body>
<header>
<h1 dir="auto">${title}</h1>
<p>${details(chat)}</p>
</header>
<main>
${messages.map((message) => (isContextBreak(message) ? contextBreak(message) : article(chat, message, options))).join('')}</main>
</body>
</html>
`;
}

/** The beginning of a page, up to its body. A content security policy allows styles and images that are in the page. */
export const pageHead = (title: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${pageStyle}</style>
</head>`;

function details(chat: Chat): string {
  const url = urlOf(chat);
  return [
    chat.bot === null ? '' : `<bdi>${escapeHtml(chat.bot)}</bdi>`,
    url === null ? '' : link(url, escapeHtml(url.replace('https://', ''))),
    time(chat.lastInteractionTime),
  ]
    .filter((detail) => detail !== '')
    .join(' · ');
}

type PageOptions = Pick<HtmlOptions, 'highlighter' | 'images' | 'copies'>;

const article = (
  chat: Chat,
  message: Message,
  options: PageOptions,
): string => `<article${isUserMessage(message) ? ' class="yours"' : ''}>
<header><h2><bdi>${escapeHtml(speaker(chat, message))}</bdi></h2>${time(message.creationTime)}${notes(message)}</header>
<div class="text" dir="auto">
${content(message, options)}</div>
${files(message, options)}${sources(message)}</article>
`;

const notes = (message: Message): string =>
  notesOf(message)
    .map((note) => `<small>${note}</small>`)
    .join('');

/** The sources that the bot named. */
function sources({citations = []}: Message): string {
  const items = citations.map((citation) => {
    const label = `<bdi>${escapeHtml(citationLabel(citation))}</bdi>`;
    return `<li>${citation.url === null ? label : link(citation.url, label)}</li>\n`;
  });
  return items.length === 0 ? '' : `<ol class="sources">\n${items.join('')}</ol>\n`;
}

const content = (message: Message, options: PageOptions): string =>
  message.contentType === 'text/plain' || isUserMessage(message)
    ? `<p class="plain">${escapeHtml(textOf(message))}</p>\n`
    : toHtml(textOf(message), {...options, references: referencesOf(message.attachments)});

const contextBreak = ({creationTime}: Message): string =>
  `<p class="break"><span>${[contextClearedText, time(creationTime)].filter(Boolean).join(' · ')}</span></p>\n`;

/** The files below the text. Images that are shown in the text are not shown again. */
function files(message: Message, {images, copies}: PageOptions): string {
  const items = message.attachments.map((attachment) =>
    file(attachment, {images: isShownInText(attachment, message) ? undefined : images, copies}),
  );
  return items.length === 0 ? '' : `<ul class="files">\n${items.join('')}</ul>\n`;
}

const isShownInText = (attachment: Attachment, message: Message): boolean =>
  isInline(attachment, message.text) ||
  (attachment.url !== null && !isUserMessage(message) && message.text.includes(`](${attachment.url})`));

function file({name, url}: Attachment, {images, copies}: PageOptions): string {
  const data = images?.get(url ?? '');
  if (data !== undefined) return `<li class="image">${image(data, name ?? '')}</li>\n`;
  const label = `<bdi>${escapeHtml(name ?? url ?? 'attachment')}</bdi>`;
  return `<li>${url === null ? label : linkToFile(url, label, copies)}</li>\n`;
}

const time = (iso: string | null): string =>
  iso === null ? '' : `<time datetime="${escapeHtml(iso)}">${escapeHtml(utcTime(iso))}</time>`;

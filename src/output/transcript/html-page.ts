import {isContextBreak, isUserMessage} from '../../core/message.js';
import type {Attachment, Chat, Message} from '../../core/model.js';
import {utcTime} from '../format/time.js';
import {referencesOf} from '../markdown/inline-files.js';
import {contextClearedText, speaker, textOf, titleOf, urlOf} from './labels.js';
import {escapeHtml, link, toHtml} from './markdown-to-html.js';
import {pageStyle} from './page-style.js';

/**
 * A chat as a self-contained web page without scripts. The texts of its messages are escaped, and a content security policy
 * makes the browser refuse anything else.
 */
export function htmlPage(chat: Chat, messages: readonly Message[]): string {
  const title = escapeHtml(titleOf(chat));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${pageStyle}</style>
</head>
<body>
<header>
<h1 dir="auto">${title}</h1>
<p>${details(chat)}</p>
</header>
<main>
${messages.map((message) => (isContextBreak(message) ? contextBreak(message) : article(chat, message))).join('')}</main>
</body>
</html>
`;
}

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

const article = (chat: Chat, message: Message): string => `<article${isUserMessage(message) ? ' class="yours"' : ''}>
<header><h2><bdi>${escapeHtml(speaker(chat, message))}</bdi></h2>${time(message.creationTime)}</header>
<div class="text" dir="auto">
${content(message)}</div>
${files(message.attachments)}</article>
`;

const content = (message: Message): string =>
  message.contentType === 'text/plain' || isUserMessage(message)
    ? `<p class="plain">${escapeHtml(textOf(message))}</p>\n`
    : toHtml(textOf(message), referencesOf(message.attachments));

const contextBreak = ({creationTime}: Message): string =>
  `<p class="break"><span>${[contextClearedText, time(creationTime)].filter(Boolean).join(' · ')}</span></p>\n`;

const files = (attachments: readonly Attachment[]): string =>
  attachments.length === 0 ? '' : `<ul class="files">\n${attachments.map(file).join('')}</ul>\n`;

function file({name, url}: Attachment): string {
  const label = `<bdi>${escapeHtml(name ?? url ?? 'attachment')}</bdi>`;
  return `<li>${url === null ? label : link(url, label)}</li>\n`;
}

const time = (iso: string | null): string =>
  iso === null ? '' : `<time datetime="${escapeHtml(iso)}">${escapeHtml(utcTime(iso))}</time>`;

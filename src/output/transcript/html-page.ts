import {isContextBreak, isUserMessage} from '../../core/message.js';
import type {Attachment, Chat, Message} from '../../core/model.js';
import {universalTime} from '../format/time.js';
import {addressOf, breakText, said, speaker, titleOf} from './labels.js';
import {escaped, linked, toHtml} from './markdown-to-html.js';
import {style} from './page-style.js';

/**
 * A chat as one web page that loads nothing and runs nothing: what its messages say is text, and the browser is told to
 * refuse whatever else might be found in it.
 */
export function page(chat: Chat, messages: readonly Message[]): string {
  const title = escaped(titleOf(chat));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1 dir="auto">${title}</h1>
<p>${facts(chat)}</p>
</header>
<main>
${messages.map((message) => (isContextBreak(message) ? pause(message) : article(chat, message))).join('')}</main>
</body>
</html>
`;
}

function facts(chat: Chat): string {
  const address = addressOf(chat);
  return [
    chat.bot === null ? '' : `<bdi>${escaped(chat.bot)}</bdi>`,
    address === null ? '' : linked(address, escaped(address.replace('https://', ''))),
    time(chat.lastInteractionTime),
  ]
    .filter((fact) => fact !== '')
    .join(' · ');
}

const article = (chat: Chat, message: Message): string => `<article${isUserMessage(message) ? ' class="yours"' : ''}>
<header><h2><bdi>${escaped(speaker(chat, message))}</bdi></h2>${time(message.creationTime)}</header>
<div class="text" dir="auto">
${toHtml(said(message))}</div>
${files(message.attachments)}</article>
`;

const pause = ({creationTime}: Message): string =>
  `<p class="break"><span>${[breakText, time(creationTime)].filter(Boolean).join(' · ')}</span></p>\n`;

const files = (attachments: readonly Attachment[]): string =>
  attachments.length === 0 ? '' : `<ul class="files">\n${attachments.map(file).join('')}</ul>\n`;

function file({name, url}: Attachment): string {
  const words = `<bdi>${escaped(name ?? url ?? 'attachment')}</bdi>`;
  return `<li>${url === null ? words : linked(url, words)}</li>\n`;
}

const time = (iso: string | null): string =>
  iso === null ? '' : `<time datetime="${escaped(iso)}">${escaped(universalTime(iso))}</time>`;

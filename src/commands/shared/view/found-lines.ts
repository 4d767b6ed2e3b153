import type {Chat} from '../../../core/model.js';
import {relativeTime} from '../../../output/format/time.js';
import type {TerminalOptions} from '../../../output/list/columns.js';
import {wrapStyled} from '../../../output/terminal/rows/wrap-styled.js';
import {sanitizeLine} from '../../../output/terminal/sanitize.js';
import {type Found, nameOf, type SnippetParts} from './found-message.js';

const indent = '  ';

/**
 * Messages as paragraphs. Those of one chat that follow each other have its title above them.
 * @param split splits a snippet at the places that were found: every second part is such a place
 */
export function foundParagraphs(
  split: (parts: SnippetParts) => readonly string[],
): (found: Found, options: TerminalOptions) => string {
  let chatId: Chat['chatId'] | undefined;
  return (found, {paint, width}) => {
    const {chat, time, deleted, parts} = found;
    const isNew = chat.chatId !== chatId;
    const gap = chatId === undefined ? '' : '\n';
    chatId = chat.chatId;
    const dim = (texts: readonly string[]) => paint.dim(sanitizeLine(texts.filter(Boolean).join(' · ')));
    const details = dim([chat.chatCode ?? String(chat.chatId), deleted === null ? '' : 'deleted on Poe']);
    const title = wrapStyled(`${paint.bold(sanitizeLine(chat.title ?? 'Untitled chat'))} ${details}`, width);
    const snippet = split(parts).map((part, index) => {
      const shown = sanitizeLine(part);
      return index % 2 === 1 ? paint.red(paint.bold(shown)) : shown;
    });
    const rows = wrapStyled(
      `${dim([nameOf(found), relativeTime(time)])}  ${snippet.join('')}`,
      width - indent.length,
      indent.length,
    ).map((row, at) => `${at > 0 ? indent : ''}${indent}${row}`);
    const text = [...(isNew ? title : []), ...rows].map((row) => `${row}\n`).join('');
    return isNew ? gap + text : text;
  };
}

import type {Message} from '../core/model.js';
import {cleanLine} from './clean.js';

/** A file that came with a reply. */
export interface ReplyFile {
  /** What it can be called on any disk. */
  name: string;
  url: string;
}

/** The files that a reply has or shows: what is attached, and the pictures in its text; each once. */
export function filesIn({text, attachments}: Pick<Message, 'text' | 'attachments'>): ReplyFile[] {
  const attached = attachments.map(({name, url}) => ({name: name ?? '', url: url ?? ''}));
  const shown = [...text.matchAll(/!\[[^\]]*\]\(\s*<?(https?:[^\s)>]+)/g)].map(([, url = '']) => ({name: '', url}));
  const files = new Map<string, ReplyFile>();
  for (const {name, url} of [...attached, ...shown]) {
    if (/^https?:\/\//i.test(url) && !files.has(url)) files.set(url, {name: fileName(name || nameIn(url)), url});
  }
  return [...files.values()];
}

function nameIn(url: string): string {
  try {
    return decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '');
  } catch {
    return '';
  }
}

/** A name from outside leads to no other folder, hides nothing, and is not too long. */
const fileName = (name: string): string =>
  cleanLine(name)
    .replaceAll(/[/\\:*?"<>|\uFFFD\u2400-\u2421]/g, '_')
    .replace(/^[.\s]+/, '')
    .slice(-120)
    .trim() || 'file';

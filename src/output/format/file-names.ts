import type {Message} from '../../core/model.js';
import {sanitizeLine} from '../terminal/sanitize.js';

export interface ReplyFile {
  /** A name that is valid on any disk. */
  name: string;
  /** With http or https; of an attachment also `data:` or `file:`, which name nothing outside of its chat. */
  url: string;
  /** In bytes; null if it is unknown. */
  size: number | null;
}

/** The files of a reply: its attachments and the images in its text, each once and under a unique name. */
export function filesIn({text, attachments}: Pick<Message, 'text' | 'attachments'>): ReplyFile[] {
  const attached = attachments.map(({name, url, size}) => ({
    name: name ?? '',
    url: url ?? '',
    size,
    isAttached: true,
  }));
  const images = [...text.matchAll(/!\[[^\]]*\]\(\s*<?(https?:[^\s)>]+)/g)].map(([, url = '']) => ({
    name: '',
    url,
    size: null,
    isAttached: false,
  }));
  const files = new Map<string, ReplyFile>();
  const names = new Set<string>();
  for (const {name, url, size, isAttached} of [...attached, ...images]) {
    const isAllowed = /^https?:\/\//i.test(url) || (isAttached && /^(?:data|file):/i.test(url));
    if (!isAllowed || files.has(url)) continue;
    files.set(url, {name: uniqueName(fileName(name || nameIn(url)), names), url, size});
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

/** Makes a name from outside a valid file name: without folders, not hidden, no option, no device, and short enough. */
export function fileName(name: string): string {
  const plain = sanitizeLine(name)
    .replaceAll(/[/\\:*?"<>|\uFFFD\u2400-\u2421]/g, '_')
    .replace(/^[-.\s]+/, '')
    .replace(/[.\s]+$/, '');
  const short = shorten(plain);
  return windowsDevice.test(short) ? `_${short}` : short || 'file';
}

/** Windows takes these names for devices, with any extension. */
const windowsDevice = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*(?:\.|$)/i;

/** Most file systems allow 255 bytes, some encrypted ones 143. */
const maxBytes = 140;

/** Shortens a name but keeps its extension. */
function shorten(name: string): string {
  const extension = /\s*\.[^.\s]{1,16}$/.exec(name)?.[0].trim() ?? '';
  const stem = name.slice(0, name.length - extension.length);
  let bytesLeft = maxBytes - Buffer.byteLength(extension);
  let short = '';
  for (const character of stem) {
    bytesLeft -= Buffer.byteLength(character);
    if (bytesLeft < 0) break;
    short += character;
  }
  return short === stem ? name : short.replace(/[.\s]+$/, '') + extension;
}

/** Adds a number if the name is taken. Many file systems ignore letter case. */
function uniqueName(name: string, taken: Set<string>): string {
  const [, stem = name, extension = ''] = /^(.+)(\.[^.]+)$/.exec(name) ?? [];
  let unique = name;
  for (let count = 2; taken.has(unique.toLowerCase()); count++) unique = `${stem}-${count}${extension}`;
  taken.add(unique.toLowerCase());
  return unique;
}

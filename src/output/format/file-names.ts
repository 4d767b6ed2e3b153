import type {Message} from '../../core/model.js';
import {sanitizeLine} from '../terminal/sanitize.js';

/** A file that came with a reply. */
export interface ReplyFile {
  /** What it can be called on any disk. */
  name: string;
  url: string;
}

/** The files that a reply has or shows: what is attached, and the pictures in its text; each once, and under a name of its own. */
export function filesIn({text, attachments}: Pick<Message, 'text' | 'attachments'>): ReplyFile[] {
  const attached = attachments.map(({name, url}) => ({name: name ?? '', url: url ?? ''}));
  const shown = [...text.matchAll(/!\[[^\]]*\]\(\s*<?(https?:[^\s)>]+)/g)].map(([, url = '']) => ({name: '', url}));
  const files = new Map<string, ReplyFile>();
  const taken = new Set<string>();
  for (const {name, url} of [...attached, ...shown]) {
    if (!/^https?:\/\//i.test(url) || files.has(url)) continue;
    files.set(url, {name: another(fileName(name || nameIn(url)), taken), url});
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

/** A name from outside leads to no other folder, hides nothing, is no option and no device, and fits on any disk. */
export function fileName(name: string): string {
  const plain = sanitizeLine(name)
    .replaceAll(/[/\\:*?"<>|\uFFFD\u2400-\u2421]/g, '_')
    .replace(/^[-.\s]+/, '')
    .replace(/[.\s]+$/, '');
  const fit = shortened(plain);
  return devices.test(fit) ? `_${fit}` : fit || 'file';
}

/** What Windows takes for a device, whatever stands behind a dot. */
const devices = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*(?:\.|$)/i;

/** Most disks take 255 bytes; some that encrypt, 143. */
const mostBytes = 140;

/** Cut before its ending, if that is one. */
function shortened(name: string): string {
  const ending = /\s*\.[^.\s]{1,16}$/.exec(name)?.[0].trim() ?? '';
  const stem = name.slice(0, name.length - ending.length);
  let left = mostBytes - Buffer.byteLength(ending);
  let kept = '';
  for (const character of stem) {
    left -= Buffer.byteLength(character);
    if (left < 0) break;
    kept += character;
  }
  return kept === stem ? name : kept.replace(/[.\s]+$/, '') + ending;
}

/** The name, or one like it that is not taken; letter case makes no difference on many disks. */
function another(name: string, taken: Set<string>): string {
  const [, stem = name, ending = ''] = /^(.+)(\.[^.]+)$/.exec(name) ?? [];
  let free = name;
  for (let count = 2; taken.has(free.toLowerCase()); count++) free = `${stem}-${count}${ending}`;
  taken.add(free.toLowerCase());
  return free;
}

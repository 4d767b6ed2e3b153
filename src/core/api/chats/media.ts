import type {Attachment} from '../../model.js';
import type {StoredFile} from './chat-log.js';

/** What a bot sent: its files, and what its text names on Poe's content network or shows as a picture; each once. */
export function collectAttachments(files: readonly StoredFile[], text: string): Attachment[] {
  const found = [...files.map(toAttachment), ...mediaIn(text)];
  const seen = new Set<string>();
  return found.filter(({url}) => {
    const place = placeOf(url ?? '');
    const isNew = place === '' || !seen.has(place);
    seen.add(place);
    return isNew;
  });
}

export const toAttachment = ({name, url, mimeType, size}: StoredFile): Attachment => ({name, url, mimeType, size});

/** Bots that make media say so in their text alone: `![alt](address)`, and the bare address of pictures and sound. */
function mediaIn(text: string): Attachment[] {
  const prose = text.replaceAll(/^(```|~~~)[\s\S]*?(?:^\1|$(?![\s\S]))/gm, '');
  const pictures = [...prose.matchAll(/!\[([^\]\n]*)\]\((https?:\/\/[^\s)]+)\)/g)];
  const bare = [...prose.matchAll(/https:\/\/(?:[\w-]+\.)*poecdn\.net\/[^\s<>()[\]"'`]+/g)];
  return [
    ...pictures.map(([, alt = '', url = '']) => found(alt || nameOf(url), url)),
    ...bare.map(([url]) => url.replace(/[.,;:!?]+$/, '')).map((url) => found(nameOf(url), url)),
  ];
}

const found = (name: string, url: string): Attachment => ({name, url, mimeType: null, size: null});

const nameOf = (url: string): string => placeOf(url).split('/').at(-1) ?? '';

/** Addresses that differ only in the size they ask for are of one picture. */
const placeOf = (url: string): string => url.replace(/[?#].*$/s, '');

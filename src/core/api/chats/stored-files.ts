import * as v from 'valibot';
import type {Attachment} from '../../model.js';

/** A file of a message, as the chat log stores it. */
export const StoredFile = v.object({
  name: v.nullable(v.string()),
  /** Null if the file was sent inside the message and has no URL. */
  url: v.nullable(v.string()),
  mimeType: v.nullable(v.string()),
  /** Bytes. */
  size: v.nullable(v.number()),
  /** How the text refers to it. */
  inlineRef: v.optional(v.string()),
  thumbnailUrl: v.optional(v.string()),
});
export type StoredFile = v.InferOutput<typeof StoredFile>;

export const toAttachment = ({name, url, mimeType, size, inlineRef, thumbnailUrl}: StoredFile): Attachment => ({
  name,
  url,
  mimeType,
  size,
  ...(inlineRef !== undefined && {inlineRef}),
  ...(thumbnailUrl !== undefined && {thumbnailUrl}),
});

/** A reply's attachments: its files, then the media that its text links to. Each URL is listed once. */
export function collectAttachments(files: readonly StoredFile[], text: string): Attachment[] {
  const seen = new Set<string>();
  return [...files.map(toAttachment), ...linkedMedia(text)].filter(({url}) => {
    const place = url?.startsWith('data:') ? '' : withoutQuery(url ?? '');
    const isNew = place === '' || !seen.has(place);
    seen.add(place);
    return isNew;
  });
}

/**
 * Bots that generate media return it in their text only: as `![alt](url)`, and as bare URLs on Poe's content network
 * (recorded in April 2026). Code blocks are ignored.
 */
function linkedMedia(text: string): Attachment[] {
  const prose = text.replaceAll(/^(```|~~~)[\s\S]*?(?:^\1|$(?![\s\S]))/gm, '');
  const images = [...prose.matchAll(/!\[([^\]\n]*)\]\((https?:\/\/[^\s)]+)\)/g)];
  const bare = [...prose.matchAll(mediaUrl)];
  return [
    ...images.map(([, alt = '', url = '']) => linked(alt || fileName(url), url)),
    ...bare.map(([url]) => url.replace(/[.,;:!?]+$/, '')).map((url) => linked(fileName(url), url)),
  ];
}

/** A URL on Poe's content network, or on that of a Poe that is simulated on this machine. */
const mediaUrl =
  /(?:https:\/\/(?:[\w-]+\.)*poecdn\.net|http:\/\/(?:localhost|127\.0\.0\.1):\d+\/base)\/[^\s<>()[\]"'`]+/g;

const linked = (name: string, url: string): Attachment => ({name, url, mimeType: null, size: null});

const fileName = (url: string): string => withoutQuery(url).split('/').at(-1) ?? '';

/** The query only sets the size of a picture, so URLs that differ in it are the same picture. */
const withoutQuery = (url: string): string => url.replace(/[?#].*$/s, '');

import type {Attachment, Message} from '../../core/model.js';
import {filesIn, type ReplyFile} from '../format/file-names.js';

/** The most images of one reply that are shown. */
const maxImages = 8;

/** The images of a reply: those in its text, outside of code, and those that are attached. Each once. */
export function imagesIn({text, attachments}: Pick<Message, 'text' | 'attachments'>): ReplyFile[] {
  const prose = withoutCode(text);
  const inText = new Set(filesIn({text: prose, attachments: []}).map(({url}) => url));
  const types = new Map(attachments.map(({url, mimeType}) => [url, mimeType]));
  const images = filesIn({text: prose, attachments}).filter(({url}) => {
    const type = types.get(url);
    return type ? shownTypes.test(type) : inText.has(url) || looksLikeImage(url);
  });
  return withoutCopies([...images, ...attachments.flatMap(thumbnailOf)]).slice(0, maxImages);
}

/** The picture of a video. */
const thumbnailOf = ({name, thumbnailUrl: url}: Attachment): ReplyFile[] =>
  url === undefined ? [] : [{name: name ?? 'video', url, size: null}];

const withoutCode = (text: string): string =>
  text
    .replaceAll(/^ {0,3}(```|~~~)[\s\S]*?(?:^ {0,3}\1|$(?![\s\S]))/gm, '')
    .replaceAll(/(`+)(?!`).*?(?<!`)\1(?!`)/g, '');

const shownTypes = /^image\/(?:png|jpe?g|gif|webp)\b/i;

const looksLikeImage = (url: string): boolean => /\.(?:png|jpe?g|gif|webp)$|\/base\/image\//i.test(placeOf(url));

/** On Poe's servers, the query of a URL only sets the size of the image. */
function withoutCopies(images: readonly ReplyFile[]): ReplyFile[] {
  const places = new Map<string, ReplyFile>();
  for (const image of images) if (!places.has(placeOf(image.url))) places.set(placeOf(image.url), image);
  return [...places.values()];
}

const placeOf = (url: string): string => (url.startsWith('data:') ? url : url.replace(/[?#].*$/s, ''));

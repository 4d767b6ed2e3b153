import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import type {Message} from '../../core/model.js';
import {archivedImage, type CopiedChats} from './archived.js';

/**
 * Downloads the images of a chat that Poe serves, for a web page that works without Poe. Those in the archive are not downloaded.
 * @returns them by their URL, as `data:` URLs, and how many cannot be downloaded: the page links to them
 * @throws PoeError `interrupted`
 */
export async function embeddedImages(
  context: Context,
  messages: readonly Message[],
  archive: CopiedChats | undefined,
): Promise<{images: Map<string, string>; missing: number}> {
  const {imagesIn} = await import('../../output/images/images-in-reply.js');
  const urls = new Set(messages.flatMap((message) => imagesIn(message).map(({url}) => url)));
  const images = new Map<string, string>();
  let missing = 0;
  for (const url of urls) {
    const data = dataUrl((await archivedImage(url, archive)) ?? (await fetched(context, url)));
    if (data === undefined) missing += 1;
    else images.set(url, data);
  }
  return {images, missing};
}

/** Says how many images pages only link to. */
export function noteMissingImages({output}: Context, missing: number): void {
  if (missing === 0) return;
  const count = missing === 1 ? '1 image is' : `${missing} images are`;
  output.note(`${count} not on Poe, or could not be downloaded. The page links to ${missing === 1 ? 'it' : 'them'}.`);
}

async function fetched(context: Context, url: string): Promise<Uint8Array | undefined> {
  try {
    return await context.fetchImage(url, context.signal);
  } catch (error) {
    if (error instanceof PoeError && error.code === 'interrupted') throw error;
    return undefined;
  }
}

/** The first bytes of the formats that every browser shows. */
const formats = [
  ['png', '89504e47'],
  ['jpeg', 'ffd8ff'],
  ['gif', '47494638'],
  ['webp', '52494646'],
] as const;

function dataUrl(bytes: Uint8Array | undefined): string | undefined {
  if (!bytes) return undefined;
  const content = Buffer.from(bytes);
  const start = content.toString('hex', 0, 4);
  const format = formats.find(([, marks]) => start.startsWith(marks))?.[0];
  return format && `data:image/${format};base64,${content.toString('base64')}`;
}

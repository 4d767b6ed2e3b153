import {readFile, stat} from 'node:fs/promises';
import {basename} from 'node:path';
import type {Message} from '../../core/model.js';
import {imagesIn} from './images-in-reply.js';

/** An image that can be loaded. */
export interface ImageSource {
  name: string;
  /** @returns undefined if it must not be loaded. @throws Error whose message is the reason, for the user */
  load(signal: AbortSignal): Promise<Uint8Array | undefined>;
  /** Whether it is shown without further lines below it, or not at all. */
  isPreview?: boolean;
}

/** Downloads a file that Poe serves. @returns undefined if another server has it. @throws PoeError */
export type FetchImage = (url: string, signal: AbortSignal) => Promise<Uint8Array | undefined>;

/** @param only which of the images, by their URLs */
export const replyImages = (
  reply: Pick<Message, 'text' | 'attachments'>,
  fetch: FetchImage,
  only: (url: string) => boolean = () => true,
): ImageSource[] =>
  imagesIn(reply)
    .filter(({url}) => only(url))
    .map(({name, url}) => ({name, load: (signal) => fetch(url, signal)}));

const maxBytes = 20_000_000;

/** The images among the files that are sent. URLs are left out: they are downloaded only to be sent. */
export const sentImages = (paths: readonly string[]): ImageSource[] =>
  paths
    .filter((path) => /\.(?:png|jpe?g|gif|webp)$/i.test(path) && !/^https?:/i.test(path))
    .map((path) => ({name: basename(path), load: () => readImage(path), isPreview: true}));

async function readImage(path: string): Promise<Uint8Array | undefined> {
  const {size, isFile} = await stat(path).then((stats) => ({size: stats.size, isFile: stats.isFile()}));
  return isFile && size <= maxBytes ? readFile(path) : undefined;
}

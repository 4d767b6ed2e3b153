import {PoeError} from '../../errors.js';
import type {OpenOptions} from '../../files/attachments.js';
import type {UploadOptions} from '../../files/multipart.js';
import type {FileSource, Protocol} from '../../options.js';
import type {StoredFile} from '../chats/stored-files.js';
import type {UploaderOptions} from './uploader.js';

/** The most bytes of files inside a request. Poe does not document its limit. */
const maxBytes = 20_000_000;

/** A part of a message in OpenAI's format. */
export type Part =
  | {type: 'text'; text: string}
  | {type: 'image_url'; image_url: {url: string}}
  | {type: 'file'; file: {filename: string; file_data: string}};

/** The files of a message: the URLs of uploaded files, or the files themselves. */
export interface PreparedFiles {
  attachments: StoredFile[];
  parts: Part[];
  /** The first picture of a video, in base64. */
  image?: string;
}

/** Prepares files for a message, as its protocol requires. */
export class MessageFiles {
  readonly #options: UploaderOptions;

  constructor(options: UploaderOptions) {
    this.#options = options;
  }

  /** @param sources paths and URLs. @throws PoeError */
  async prepare(sources: readonly FileSource[], protocol: Protocol, options: UploadOptions): Promise<PreparedFiles> {
    if (sources.length === 0) return {attachments: [], parts: []};
    if (protocol === 'images') throw withoutFiles();
    if (protocol === 'videos') return this.#encodeImage(sources, options);
    if (protocol !== 'openai') {
      const {Uploader} = await import('./uploader.js');
      return {attachments: await new Uploader(this.#options).upload(sources, options), parts: []};
    }
    const {timeoutMs, log} = this.#options;
    return encodeFiles(sources, {timeoutMs, log, signal: options.signal});
  }

  /** A video may begin with one picture. @throws PoeError `usage` for other files */
  async #encodeImage(sources: readonly FileSource[], {signal}: UploadOptions): Promise<PreparedFiles> {
    const {timeoutMs, log} = this.#options;
    const {attachments, parts} = await encodeFiles(sources, {timeoutMs, log, signal});
    const [part] = parts;
    if (part?.type !== 'image_url' || parts.length > 1) throw notOneImage();
    return {attachments, parts: [], image: part.image_url.url.replace(/^[^,]*,/, '')};
  }
}

const withoutFiles = () =>
  new PoeError('usage', 'Files cannot be sent with the protocol images', {
    hint: 'Omit the files, or the protocol.',
  });

const notOneImage = () =>
  new PoeError('usage', 'With a request for a video, only one image can be sent', {
    hint: 'Nothing was sent. The video begins with that image.',
  });

/** Reads files into parts of a message. @throws PoeError `file`, `too_large` */
async function encodeFiles(sources: readonly FileSource[], options: OpenOptions): Promise<PreparedFiles> {
  const {openAttachments} = await import('../../files/attachments.js');
  const opened = await openAttachments(sources, options);
  try {
    if (opened.size > maxBytes) {
      throw new PoeError('too_large', `The files are larger than the ${maxBytes / 1e6} MB that fit into a message`, {
        hint: 'Send fewer or smaller files.',
        remedy: 'upload_files',
      });
    }
    const parts: Part[] = [];
    const attachments: StoredFile[] = [];
    for (const file of opened.files) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of file.stream()) chunks.push(chunk);
      const data = `data:${file.mimeType};base64,${Buffer.concat(chunks).toString('base64')}`;
      attachments.push({name: file.name, url: null, mimeType: file.mimeType, size: file.size});
      parts.push(
        file.mimeType.startsWith('image/')
          ? {type: 'image_url', image_url: {url: data}}
          : {type: 'file', file: {filename: file.name, file_data: data}},
      );
    }
    return {attachments, parts};
  } finally {
    await opened.close();
  }
}

import {PoeError} from '../../errors.js';
import type {CallOptions} from '../../options.js';
import type {OpenOptions} from '../../files/attachments.js';
import type {StoredFile} from '../chats/stored-files.js';
import type {Protocol} from '../../options.js';
import type {UploadOptions, UploadsOptions} from './uploads.js';

/** Files travel inside the request, which Poe limits it does not tell: more than this is not tried. */
const mostBytes = 20_000_000;

/** A part of a message, in OpenAI's form. */
export type Part =
  | {type: 'text'; text: string}
  | {type: 'image_url'; image_url: {url: string}}
  | {type: 'file'; file: {filename: string; file_data: string}};

/** What becomes of files: named by their addresses, or travelling inside the message. */
export interface PreparedFiles {
  attachments: StoredFile[];
  parts: Part[];
}

/** Brings files to a bot in the way that the protocol has. */
export class Files {
  readonly #options: UploadsOptions;

  constructor(options: UploadsOptions) {
    this.#options = options;
  }

  /** @throws PoeError */
  async bring(sources: readonly (string | URL)[], protocol: Protocol, options: UploadOptions): Promise<PreparedFiles> {
    if (sources.length === 0) return {attachments: [], parts: []};
    if (protocol === 'native') {
      const {Uploads} = await import('./uploads.js');
      return {attachments: await new Uploads(this.#options).send(sources, options), parts: []};
    }
    const {timeoutMs, log} = this.#options;
    return insideMessage(sources, {timeoutMs, log, signal: options.signal});
  }
}

/** Reads files, and fetches addresses, into parts of a message. @throws PoeError `file`, `too_large` */
async function insideMessage(
  sources: readonly (string | URL)[],
  options: OpenOptions & CallOptions,
): Promise<PreparedFiles> {
  const {openAttachments} = await import('../../files/attachments.js');
  const opened = await openAttachments(sources, options);
  try {
    if (opened.size > mostBytes) {
      throw new PoeError('too_large', `The files are larger than the ${mostBytes / 1e6} MB that fit into a message`, {
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

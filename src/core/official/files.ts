import {PoeError} from '../errors.js';
import type {CallOptions} from '../options.js';
import type {OpenOptions} from '../web/attachments.js';

/** Files travel inside the request, which Poe limits it does not tell: more than this is not tried. */
const mostBytes = 20_000_000;

/** A part of a message, in OpenAI's form. */
export type Part =
  | {type: 'text'; text: string}
  | {type: 'image_url'; image_url: {url: string}}
  | {type: 'file'; file: {filename: string; file_data: string}};

/** Reads files, and fetches addresses, into parts of a message. @throws PoeError `file`, `too_large` */
export async function fileParts(
  sources: readonly (string | URL)[],
  options: OpenOptions & CallOptions,
): Promise<Part[]> {
  const {openAttachments} = await import('../web/attachments.js');
  const opened = await openAttachments(sources, options);
  try {
    if (opened.size > mostBytes) {
      throw new PoeError('too_large', `The files have ${opened.size} bytes; with an API key ${mostBytes} can be sent`, {
        hint: 'Send fewer or smaller ones, or use the browser’s session: poe login',
      });
    }
    const parts: Part[] = [];
    for (const file of opened.files) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of file.stream()) chunks.push(chunk);
      const data = `data:${file.mimeType};base64,${Buffer.concat(chunks).toString('base64')}`;
      parts.push(
        file.mimeType.startsWith('image/')
          ? {type: 'image_url', image_url: {url: data}}
          : {type: 'file', file: {filename: file.name, file_data: data}},
      );
    }
    return parts;
  } finally {
    await opened.close();
  }
}

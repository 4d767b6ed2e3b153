import {randomUUID} from 'node:crypto';
import type {CallOptions, UploadProgress} from '../options.js';
import type {OutgoingFile} from './outgoing-file.js';

export interface UploadOptions extends CallOptions {
  /** Called as bytes are handed to the network. */
  onUpload?: (progress: UploadProgress) => void;
}

/** The body of a multipart request. Its size is known before any of it is generated. */
export interface Multipart {
  contentType: string;
  /** Bytes. */
  length: number;
  chunks(): AsyncGenerator<Uint8Array, void, undefined>;
}

/** A body with one file, in the field `file`. */
export const fileOnlyForm = (file: OutgoingFile): Multipart => multipartForm([], [{field: 'file', file}]);

/** A file and the form field it is sent in. */
interface NamedFile {
  field: string;
  file: OutgoingFile;
}

/** A `multipart/form-data` body: the text fields first, then the files, which are streamed from disk. */
export function multipartForm(
  texts: readonly (readonly [field: string, text: string])[],
  files: readonly NamedFile[],
): Multipart {
  const boundary = `----poe${randomUUID().replaceAll('-', '')}`;
  const start = Buffer.from(
    texts
      .map(([field, text]) => `--${boundary}\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n${text}\r\n`)
      .join(''),
  );
  const parts = files.map(({field, file}) => ({file, head: Buffer.from(partHead(boundary, field, file))}));
  const end = Buffer.from(`--${boundary}--\r\n`);
  const partsLength = parts.reduce((sum, {head, file}) => sum + head.length + file.size + lineEnd.length, 0);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    length: start.length + partsLength + end.length,
    async *chunks() {
      if (start.length > 0) yield start;
      for (const {head, file} of parts) {
        yield head;
        yield* file.stream();
        yield lineEnd;
      }
      yield end;
    },
  };
}

const lineEnd = Buffer.from('\r\n');

const partHead = (boundary: string, field: string, {name, mimeType}: OutgoingFile): string =>
  `--${boundary}\r\nContent-Disposition: form-data; name="${field}"; filename="${quoted(name)}"\r\n` +
  `Content-Type: ${mimeType}\r\n\r\n`;

/** As browsers do it (WHATWG HTML, multipart form data). */
const quoted = (name: string) => name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

import {randomUUID} from 'node:crypto';
import type {OutgoingFile} from './attachments.js';

/** The body of a multipart request, whose size is known before any of it is made. */
export interface Multipart {
  contentType: string;
  /** Bytes. */
  length: number;
  chunks(): AsyncGenerator<Uint8Array, void, undefined>;
}

/** A form as Poe's page sent it in 2025-03: the operation as the part `queryInfo`, then the files as `file1`, `file2`, … */
export function multipart(queryInfo: string, files: readonly OutgoingFile[]): Multipart {
  const boundary = `----poe${randomUUID().replaceAll('-', '')}`;
  const text = Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="queryInfo"\r\n\r\n${queryInfo}\r\n`);
  const parts = files.map((file, index) => ({file, head: Buffer.from(partHead(boundary, index + 1, file))}));
  const end = Buffer.from(`--${boundary}--\r\n`);
  const partsLength = parts.reduce((sum, {head, file}) => sum + head.length + file.size + lineEnd.length, 0);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    length: text.length + partsLength + end.length,
    async *chunks() {
      yield text;
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

const partHead = (boundary: string, place: number, {name, mimeType}: OutgoingFile): string =>
  `--${boundary}\r\nContent-Disposition: form-data; name="file${place}"; filename="${quoted(name)}"\r\n` +
  `Content-Type: ${mimeType}\r\n\r\n`;

/** As browsers do it. */
const quoted = (name: string) => name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

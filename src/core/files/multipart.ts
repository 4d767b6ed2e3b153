import {randomUUID} from 'node:crypto';
import {PoeError} from '../errors.js';
import type {CallOptions} from '../options.js';
import type {OutgoingFile} from './attachments.js';
import {checkPassage, readResponse} from '../web/protocol/response.js';
import type {UploadWay} from '../web/protocol/facts.js';
import type {Http} from '../web/session/http.js';
import type {RequestCredentials} from '../web/session/session.js';

/** How far files are on their way, in bytes. */
export interface UploadProgress {
  sent: number;
  total: number;
}

export interface UploadOptions extends CallOptions {
  onUpload?: (progress: UploadProgress) => void;
}

/** How a message refers to the files that go along with it. */
export interface SentFiles {
  attachments: (string | null)[];
  /** What the site gave for files that went ahead. */
  fileHashJwts: string[];
}

/** The body of a multipart request, whose size is known before any of it is made. */
export interface Multipart {
  contentType: string;
  /** Bytes. */
  length: number;
  chunks(): AsyncGenerator<Uint8Array, void, undefined>;
}

/** How a message refers to files that are parts of its own request. */
export const sentFiles = (way: UploadWay, files: readonly OutgoingFile[]): SentFiles => ({
  attachments: files.map((_file, index) => (way === 'queryInfo' ? `file${index + 1}` : null)),
  fileHashJwts: [],
});

/**
 * A form as Poe's page sent it in 2025-03: the operation as the part `queryInfo`, then the files as `file1`, `file2`, …; or in
 * 2026-08: the operation as the part `operations`, what its files are for as `map`, then the files as `0`, `1`, …
 */
export function multipart(way: UploadWay, body: string, files: readonly OutgoingFile[]): Multipart {
  if (way === 'queryInfo')
    return form(
      [['queryInfo', body]],
      named(files, (index) => `file${index + 1}`),
    );
  const map = Object.fromEntries(files.map((_file, index) => [index, [`variables.attachments.${index}`]]));
  const texts = [['operations', body] as const, ['map', JSON.stringify(map)] as const];
  return form(texts, named(files, String));
}

/** A form that has nothing but one file, as `file`. */
export const fileOnlyForm = (file: OutgoingFile): Multipart => form([], [{field: 'file', file}]);

/** Sends files ahead of their message, one after another, as the site had it in 2026-03. @throws PoeError */
export async function uploadFirst(
  http: Http,
  {formKey}: RequestCredentials,
  files: readonly OutgoingFile[],
  {signal, onUpload}: UploadOptions,
): Promise<SentFiles> {
  const url = new URL('/api/finish_upload_POST', http.site);
  const forms = files.map(fileOnlyForm);
  const total = forms.reduce((sum, {length}) => sum + length, 0);
  const fileHashJwts: string[] = [];
  let before = 0;
  for (const {contentType, length, chunks} of forms) {
    const headers = {
      'Content-Type': contentType,
      'Poe-Formkey': formKey,
      Origin: http.site.origin,
      Referer: http.site.href,
      'Cache-Control': 'no-cache',
      Pragma: 'no-cache',
      Priority: 'u=1, i',
      'Sec-Fetch-Dest': 'empty',
      'Sec-Fetch-Mode': 'cors',
      'Sec-Fetch-Site': 'same-origin',
    };
    const done = before;
    const onSent = (sent: number) => onUpload?.({sent: done + sent, total});
    const answer = await http.upload(url, {name: 'finish_upload_POST', headers, length, chunks, onSent, signal});
    checkPassage(url, answer);
    const jwt = jwtIn(answer.text);
    if (answer.status !== 200) readResponse('finish_upload_POST', url, answer);
    if (answer.status !== 200 || jwt === undefined) {
      throw new PoeError('refused', `Poe did not take a file (finish_upload_POST: HTTP ${answer.status})`, {
        hint: 'Nothing was sent. Send it without files, or see what has changed with: poe doctor.',
      });
    }
    fileHashJwts.push(jwt);
    before += length;
  }
  return {attachments: files.map((_file, index) => `file${index}`), fileHashJwts};
}

/** What stands for a file that was taken: under one of the names that were seen, else what looks like it. */
const jwtIn = (text: string): string | undefined =>
  /"(?:fileHashJwt|file_hash_jwt|jwt|token)"\s*:\s*"([\w-]+\.[\w-]+\.[\w-]+)"/i.exec(text)?.[1] ??
  /\bey[\w-]+\.[\w-]+\.[\w-]+/.exec(text)?.[0] ??
  /^\s*"?([\w-]+\.[\w-]+\.[\w-]+)"?\s*$/.exec(text)?.[1];

interface NamedFile {
  field: string;
  file: OutgoingFile;
}

const named = (files: readonly OutgoingFile[], field: (index: number) => string): NamedFile[] =>
  files.map((file, index) => ({field: field(index), file}));

function form(texts: readonly (readonly [field: string, text: string])[], files: readonly NamedFile[]): Multipart {
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

/** As browsers do it. */
const quoted = (name: string) => name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

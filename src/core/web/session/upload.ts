import type {OutgoingFile} from '../../files/outgoing-file.js';
import {fileOnlyForm, type Multipart, multipartForm, type UploadOptions} from '../../files/multipart.js';
import {PoeError} from '../../errors.js';
import type {UploadFormat} from '../protocol/facts.js';
import {checkAccess, readJson, readResponse} from '../protocol/response.js';
import type {TextResponse} from '../../http/request.js';
import type {Http} from './http.js';

/** How a message refers to its files. */
export interface FileReferences {
  attachments: (string | null)[];
  /** One token for each file that was uploaded before the message. */
  fileHashJwts: string[];
}

/** Where a single file belongs that is not an attachment of a message: the name of its part, and the variable that refers to it. */
export interface FilePlace {
  field: string;
  path: string;
}

/** Refers to files that are parts of the message's own request. */
export const fileParts = (format: UploadFormat, files: readonly OutgoingFile[], place?: FilePlace): FileReferences => ({
  attachments: files.map((_file, index) => (format === 'queryInfo' ? (place?.field ?? `file${index + 1}`) : null)),
  fileHashJwts: [],
});

/**
 * An operation and its files as one form. 2025-03: the operation as the part `queryInfo`, then the files as `file1`, `file2`, …
 * 2026-08: the operation as the part `operations`, the variables that the files belong to as `map`, then the files as `0`, `1`, …
 */
export function operationForm(
  format: UploadFormat,
  body: string,
  files: readonly OutgoingFile[],
  place?: FilePlace,
): Multipart {
  if (format === 'queryInfo') {
    return multipartForm(
      [['queryInfo', body]],
      files.map((file, index) => ({field: place?.field ?? `file${index + 1}`, file})),
    );
  }
  const map = Object.fromEntries(
    files.map((_file, index) => [index, [place?.path ?? `variables.attachments.${index}`]]),
  );
  return multipartForm(
    [
      ['operations', body],
      ['map', JSON.stringify(map)],
    ],
    files.map((file, index) => ({field: String(index), file})),
  );
}

/** Uploads files one by one before their message, as the site did in 2026-03. @throws PoeError */
export async function uploadFiles(
  http: Http,
  formKey: string,
  files: readonly OutgoingFile[],
  {signal, onUpload}: UploadOptions,
): Promise<FileReferences> {
  const url = new URL('/api/finish_upload_POST', http.site);
  const forms = files.map(fileOnlyForm);
  const total = forms.reduce((sum, {length}) => sum + length, 0);
  const fileHashJwts: string[] = [];
  let sentBefore = 0;
  for (const [index, {contentType, length, chunks}] of forms.entries()) {
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
    const offset = sentBefore;
    const onSent = (sent: number) => onUpload?.({sent: offset + sent, total});
    const response = await http.upload(url, {name: 'finish_upload_POST', headers, length, chunks, onSent, signal});
    fileHashJwts.push(readToken(url, response, files[index]?.name ?? ''));
    sentBefore += length;
  }
  return {attachments: files.map((_file, index) => `file${index}`), fileHashJwts};
}

/** @throws PoeError */
function readToken(url: URL, response: TextResponse, file: string): string {
  checkAccess(url, response);
  const isAccepted = response.status === 200 && !/"success"\s*:\s*false/.test(response.text);
  const token = isAccepted ? fileToken(response.text) : undefined;
  if (token !== undefined) return token;
  const check = isAccepted ? readJson : readResponse;
  check('finish_upload_POST', url, response);
  const message = isAccepted
    ? `Poe accepted the file ${file} but returned no token for it`
    : `Poe rejected the file ${file} (finish_upload_POST: HTTP ${response.status})`;
  throw new PoeError(isAccepted ? 'not_understood' : 'refused', message, {
    hint: 'The message was not sent.',
    remedy: 'check_site',
  });
}

/** The token of an uploaded file: under one of the field names seen so far, else the first text in the format of a JWT. */
const fileToken = (text: string): string | undefined =>
  /"(?:fileHashJwt|file_hash_jwt|jwt|token)"\s*:\s*"([\w-]+\.[\w-]+\.[\w-]+)"/i.exec(text)?.[1] ??
  /\bey[\w-]+\.[\w-]+\.[\w-]+/.exec(text)?.[0] ??
  /^\s*"?([\w-]+\.[\w-]+\.[\w-]+)"?\s*$/.exec(text)?.[1];

import {createHash, randomBytes} from 'node:crypto';
import {type Asked, type HttpAnswer, json} from '../server/http.js';
import type {SandboxSite} from '../site/site.js';

/** Poe has this on www.quora.com. */
export const uploadPath = '/poe_api/file_upload_3RD_PARTY_POST';

/** A file that was uploaded, or fetched from an address. */
export interface ApiFile {
  readonly url: string;
  readonly name: string;
  readonly mimeType: string;
  readonly size: number;
  readonly sha256: string;
}

/** Takes one file, as the part `file` of a form or from the address `download_url`. Errors are told in plain words. */
export async function takeUpload(asked: Asked, site: Pick<SandboxSite, 'apiFiles' | 'url'>): Promise<HttpAnswer> {
  const type = asked.headers['content-type'] ?? '';
  if (type.startsWith('multipart/form-data')) {
    const [file, ...more] = asked.files ?? [];
    if (asked.isBroken || asked.form?.way !== 'finish' || file?.field !== 'file' || more.length > 0) {
      return refused('The form has to have the part `file` and nothing else.');
    }
    return kept(site, file);
  }
  if (!type.startsWith('application/x-www-form-urlencoded')) return refused('A form is wanted.');
  const form = new URLSearchParams(Buffer.from(asked.signed).toString('utf8'));
  const address = form.get('download_url') ?? '';
  if (!/^https?:/.test(address) || !URL.canParse(address)) return refused('download_url is missing.');
  const name = form.get('download_filename') ?? new URL(address).pathname.split('/').at(-1) ?? '';
  // The sandbox fetches from this machine only: nothing leaves it.
  const fetched = ['127.0.0.1', 'localhost'].includes(new URL(address).hostname)
    ? await fetch(address).catch(() => undefined)
    : undefined;
  if (!fetched?.ok) return refused('The file could not be downloaded.');
  const mimeType = fetched.headers.get('Content-Type') ?? 'application/octet-stream';
  return kept(site, {name, mimeType, bytes: Buffer.from(await fetched.arrayBuffer())});
}

function kept(
  {apiFiles, url}: Pick<SandboxSite, 'apiFiles' | 'url'>,
  {name, mimeType, bytes}: {name: string; mimeType: string; bytes: Buffer},
): HttpAnswer {
  const file = {
    url: `${url}/poe_api/files/${randomBytes(16).toString('hex')}`,
    name,
    mimeType,
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
  apiFiles.push(file);
  return json(200, {attachment_url: file.url, mime_type: file.mimeType});
}

const refused = (why: string): HttpAnswer => ({status: 400, headers: {'Content-Type': 'text/plain'}, body: why});

import {createHash, randomBytes} from 'node:crypto';
import {type HttpResponse, json, type SandboxRequest} from '../server/http.js';

/** On Poe, this path is on www.quora.com. */
export const uploadPath = '/poe_api/file_upload_3RD_PARTY_POST';

/** Where files are stored, and the beginning of their URLs. */
interface UploadTarget {
  readonly apiFiles: ApiFile[];
  readonly url: string;
}

/** A file that was uploaded, or fetched from a URL. */
export interface ApiFile {
  readonly url: string;
  readonly name: string;
  readonly mimeType: string;
  /** Bytes. */
  readonly size: number;
  /** In hex. */
  readonly sha256: string;
}

/** Stores a file sent as the part `file` of a form, or fetched from the form field `download_url`. Errors are plain text, as on Poe. */
export async function handleUpload(request: SandboxRequest, site: UploadTarget): Promise<HttpResponse> {
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('multipart/form-data')) {
    const [file, ...others] = request.files ?? [];
    if (request.isMalformed || request.form?.method !== 'finish' || file?.field !== 'file' || others.length > 0) {
      return badRequest('The form must have exactly one part, named file.');
    }
    return store(file, site);
  }
  if (!type.startsWith('application/x-www-form-urlencoded')) return badRequest('The request body must be a form.');
  const form = new URLSearchParams(Buffer.from(request.signed).toString('utf8'));
  const source = form.get('download_url') ?? '';
  if (!/^https?:/.test(source) || !URL.canParse(source)) return badRequest('download_url is missing.');
  const name = form.get('download_filename') ?? new URL(source).pathname.split('/').at(-1) ?? '';
  const fetched = await fetchLocally(source);
  if (!fetched) return badRequest('The file could not be downloaded.');
  return store({name, ...fetched}, site);
}

/** How long the sandbox waits for a file. */
const fetchTimeoutMs = 10_000;

/** Fetches a file from this machine: the sandbox connects to no other. @returns undefined if that fails */
async function fetchLocally(source: string): Promise<{mimeType: string; bytes: Buffer} | undefined> {
  if (!['127.0.0.1', 'localhost'].includes(new URL(source).hostname)) return undefined;
  const connection = new AbortController();
  const signal = AbortSignal.any([connection.signal, AbortSignal.timeout(fetchTimeoutMs)]);
  try {
    const response = await fetch(source, {signal});
    if (!response.ok) return undefined;
    const mimeType = response.headers.get('Content-Type') ?? 'application/octet-stream';
    return {mimeType, bytes: Buffer.from(await response.arrayBuffer())};
  } catch {
    return undefined;
  } finally {
    connection.abort();
  }
}

function store(
  {name, mimeType, bytes}: {name: string; mimeType: string; bytes: Buffer},
  {apiFiles, url}: UploadTarget,
): HttpResponse {
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

const badRequest = (body: string): HttpResponse => ({status: 400, headers: {'Content-Type': 'text/plain'}, body});

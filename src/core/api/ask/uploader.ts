import * as v from 'valibot';
import {PoeError} from '../../errors.js';
import type {Log} from '../../log/log.js';
import type {CallOptions, FileSource} from '../../options.js';
import {isLoopback, parseUrl} from '../../http/url.js';
import type {OutgoingFile} from '../../files/outgoing-file.js';
import {nameInUrl} from '../../files/receive/download.js';
import type {UploadOptions} from '../../files/multipart.js';
import {NetworkError} from '../../http/network-error.js';
import {type HttpRequest, requestText, type TextResponse} from '../../http/request.js';
import type {RetryPolicy} from '../../http/retry.js';
import {retryableUploadStatuses} from '../../http/retryable-statuses.js';
import {dataError} from '../http/errors.js';
import type {StoredFile} from '../chats/stored-files.js';

export interface UploaderOptions {
  /** The URL of the upload service. @throws PoeError `usage` if it is not known */
  url: () => URL;
  key: string;
  timeoutMs: number;
  log: Log;
}

/** An upload is safe to repeat: a file that no message names has no effect. */
const uploadRetryPolicy: RetryPolicy = {
  maxTries: 2,
  retriesStatus: (status) => retryableUploadStatuses.has(status),
  retriesError: (error) => error instanceof NetworkError,
  pauseMs: () => 500,
  maxRetryAfterS: 15,
};

/** Uploads files to Poe, so that messages can contain their URLs. The service is on another host than the API. */
export class Uploader {
  readonly #options: UploaderOptions;

  constructor(options: UploaderOptions) {
    this.#options = options;
  }

  /**
   * Uploads local files as streams, of any size. Poe downloads URLs itself. If it cannot reach or rejects one, the file
   * is downloaded here and uploaded. All local files are opened before anything is sent.
   * @param sources files to send
   * @throws PoeError
   */
  async upload(sources: readonly FileSource[], options: UploadOptions = {}): Promise<StoredFile[]> {
    // Fails before anything is opened if it is not known where to.
    this.#options.url();
    const local = sources.filter((source) => !this.#isReachable(source));
    const opened = await this.#open(local, options);
    try {
      const files = opened.files.values();
      const stored: StoredFile[] = [];
      let sent = 0;
      for (const source of sources) {
        if (this.#isReachable(source)) {
          stored.push(await this.#importOrUpload(new URL(source), options));
          continue;
        }
        const file = files.next().value;
        if (!file) break;
        const before = sent;
        const onSent = (bytes: number) => options.onUpload?.({sent: before + bytes, total: opened.size});
        stored.push(await this.#uploadFile(file, onSent, options));
        sent += file.size;
      }
      return stored;
    } finally {
      await opened.close();
    }
  }

  async #open(sources: readonly FileSource[], {signal}: CallOptions) {
    const {openAttachments} = await import('../../files/attachments.js');
    const {timeoutMs, log} = this.#options;
    return openAttachments(sources, {timeoutMs, log, signal});
  }

  /** Whether Poe can download a source: a URL that is not on this machine, unless the sandbox is here too. */
  #isReachable(source: FileSource): source is string | URL {
    const url = typeof source === 'object' && 'content' in source ? undefined : parseUrl(String(source));
    if (url?.protocol !== 'https:' && url?.protocol !== 'http:') return false;
    return !isLoopback(url.hostname) || isLoopback(this.#options.url().hostname);
  }

  async #importOrUpload(url: URL, options: UploadOptions): Promise<StoredFile> {
    try {
      return await this.#importUrl(url, options);
    } catch (error) {
      if (!(error instanceof PoeError && error.code === 'refused')) throw error;
      const opened = await this.#open([url], options);
      try {
        const [file] = opened.files;
        if (!file) throw error;
        return await this.#uploadFile(file, () => {}, options);
      } finally {
        await opened.close();
      }
    }
  }

  /** Makes Poe download a URL. */
  #importUrl(url: URL, options: UploadOptions): Promise<StoredFile> {
    const name = nameInUrl(url) || url.hostname;
    const body = new URLSearchParams({download_url: url.href}).toString();
    const contentType = 'application/x-www-form-urlencoded';
    return this.#post({name, size: null}, {contentType, body}, options);
  }

  async #uploadFile(file: OutgoingFile, onSent: (bytes: number) => void, options: UploadOptions): Promise<StoredFile> {
    const {fileOnlyForm} = await import('../../files/multipart.js');
    const {contentType, length, chunks} = fileOnlyForm(file);
    return this.#post(
      file,
      {contentType, body: {length, chunks}, onSent: (bytes) => onSent(Math.min(bytes, file.size))},
      options,
    );
  }

  async #post(
    {name, size, mimeType = null}: {name: string; size: number | null; mimeType?: string | null},
    {contentType, body, onSent}: Pick<HttpRequest, 'body'> & {contentType: string; onSent?: (bytes: number) => void},
    {signal}: CallOptions,
  ): Promise<StoredFile> {
    const {key, timeoutMs, log} = this.#options;
    const url = this.#options.url();
    // Unlike the API, this service expects the key without "Bearer" (fastapi_poe 0.0.81).
    const headers = {'Content-Type': contentType, Authorization: key};
    const response = await requestText(
      url,
      {method: 'POST', headers: () => headers, body},
      {name: `upload ${name}`, timeoutMs, log, signal, retry: uploadRetryPolicy, onSent},
    );
    if (response.status !== 200) throw uploadError(name, url, response);
    const uploaded = parseUpload(name, response.text);
    return {name, url: uploaded.attachment_url, mimeType: uploaded.mime_type ?? mimeType, size};
  }
}

const uploadSchema = v.object({attachment_url: v.pipe(v.string(), v.url()), mime_type: v.nullish(v.string(), null)});

function parseUpload(name: string, text: string): v.InferOutput<typeof uploadSchema> {
  try {
    return v.parse(uploadSchema, JSON.parse(text));
  } catch (error) {
    throw new PoeError('not_understood', `Poe accepted the file ${name} but returned no URL for it`, {
      remedy: 'send_inline',
      cause: error,
    });
  }
}

function uploadError(name: string, {host}: URL, {status, headers, text}: TextResponse): PoeError {
  const {code, message, hint, facts} = dataError(status, headers, text);
  if (code === 'too_large') {
    return new PoeError(code, `The file ${name} is too large for ${host} (HTTP ${status})`, {
      hint: 'Nothing was sent. Send a smaller file.',
    });
  }
  const isAboutFile = code === 'refused' || code === 'bot_not_found' || code === 'not_understood';
  return new PoeError(
    isAboutFile ? 'refused' : code,
    `${host} rejected the file ${name}: ${message}`,
    isAboutFile ? {hint: 'Nothing was sent. Check the file.', remedy: 'send_inline'} : {...facts, hint},
  );
}

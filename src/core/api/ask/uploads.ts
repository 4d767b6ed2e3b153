import * as v from 'valibot';
import {PoeError} from '../../errors.js';
import type {Log} from '../../log.js';
import type {CallOptions, UploadProgress} from '../../options.js';
import {isLoopback, parseUrl} from '../../http/address.js';
import type {OutgoingFile} from '../../files/attachments.js';
import {nameInUrl} from '../../files/download.js';
import {NetworkError} from '../../http/network-error.js';
import {type HttpRequest, requestText, type TextResponse} from '../../http/request.js';
import type {RetryPolicy} from '../../http/retry.js';
import {responseError} from '../http/errors.js';
import type {StoredFile} from '../chats/stored-files.js';

export interface UploadsOptions {
  url: URL;
  key: string;
  timeoutMs: number;
  log: Log;
}

export interface UploadOptions extends CallOptions {
  /** Is told how many bytes have been taken. */
  onUpload?: (progress: UploadProgress) => void;
}

const retryableStatuses: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504, 529]);
/** An upload may be repeated: a file that no message names does nothing. */
const uploadRetryPolicy: RetryPolicy = {
  maxTries: 2,
  retriesStatus: (status) => retryableStatuses.has(status),
  retriesError: (error) => error instanceof NetworkError,
  pauseMs: () => 500,
  maxRetryAfterS: 15,
};

const Uploaded = v.object({attachment_url: v.pipe(v.string(), v.url()), mime_type: v.nullish(v.string(), null)});

/** Hands files to Poe, so that a message can name them by their addresses. Its host is another than that of the API. */
export class Uploads {
  readonly #options: UploadsOptions;

  constructor(options: UploadsOptions) {
    this.#options = options;
  }

  /**
   * Sends files on this machine in pieces, however large they are, and has Poe fetch addresses itself; those that it cannot
   * reach, or does not take, are fetched and sent as files. Nothing is sent unless every file can be had.
   * @throws PoeError
   */
  async send(sources: readonly (string | URL)[], options: UploadOptions = {}): Promise<StoredFile[]> {
    // Files that are not there are found out before anything is sent.
    const opened = await this.#opened(
      sources.filter((source) => !this.#canFetch(source)),
      options,
    );
    try {
      const files = opened.files.values();
      const kept: StoredFile[] = [];
      let sent = 0;
      for (const source of sources) {
        if (this.#canFetch(source)) {
          kept.push(await this.#fetched(new URL(source), options));
          continue;
        }
        const file = files.next().value;
        if (!file) break;
        const before = sent;
        const onSent = (bytes: number) => options.onUpload?.({sent: before + bytes, total: opened.size});
        kept.push(await this.#file(file, onSent, options));
        sent += file.size;
      }
      return kept;
    } finally {
      await opened.close();
    }
  }

  async #opened(sources: readonly (string | URL)[], {signal}: CallOptions) {
    const {openAttachments} = await import('../../files/attachments.js');
    const {timeoutMs, log} = this.#options;
    return openAttachments(sources, {timeoutMs, log, signal});
  }

  /** Has Poe fetch what lies at an address, or fetches and sends it where Poe does not take it so. */
  async #fetched(url: URL, options: UploadOptions): Promise<StoredFile> {
    try {
      return await this.#address(url, options);
    } catch (error) {
      if (!(error instanceof PoeError && error.code === 'refused')) throw error;
      const opened = await this.#opened([url], options);
      try {
        const [file] = opened.files;
        if (!file) throw error;
        return await this.#file(file, () => {}, options);
      } finally {
        await opened.close();
      }
    }
  }

  /** Poe reaches no host on this machine, unless it is a stand-in here. */
  #canFetch(source: string | URL): boolean {
    const url = parseUrl(String(source));
    if (url?.protocol !== 'https:' && url?.protocol !== 'http:') return false;
    return !isLoopback(url.hostname) || isLoopback(this.#options.url.hostname);
  }

  #address(url: URL, options: UploadOptions): Promise<StoredFile> {
    const name = nameInUrl(url) || url.hostname;
    const body = new URLSearchParams({download_url: url.href}).toString();
    const contentType = 'application/x-www-form-urlencoded';
    return this.#upload({name, size: null}, {contentType, body}, options);
  }

  async #file(file: OutgoingFile, onSent: (bytes: number) => void, options: UploadOptions): Promise<StoredFile> {
    const {fileOnlyForm} = await import('../../files/multipart.js');
    const {contentType, length, chunks} = fileOnlyForm(file);
    return this.#upload(
      file,
      {contentType, body: {length, chunks}, onSent: (bytes) => onSent(Math.min(bytes, file.size))},
      options,
    );
  }

  async #upload(
    {name, size, mimeType = null}: {name: string; size: number | null; mimeType?: string | null},
    {contentType, body, onSent}: Pick<HttpRequest, 'body'> & {contentType: string; onSent?: (bytes: number) => void},
    {signal}: CallOptions,
  ): Promise<StoredFile> {
    const {url, key, timeoutMs, log} = this.#options;
    const headers = {'Content-Type': contentType, Authorization: key};
    const response = await requestText(
      url,
      {method: 'POST', headers: () => headers, body},
      {name: `upload ${name}`, timeoutMs, log, signal, retry: uploadRetryPolicy, onSent},
    );
    if (response.status !== 200) throw notTaken(name, url, response);
    return {...uploaded(response.text, name, mimeType), size};
  }
}

function uploaded(text: string, name: string, mimeType: string | null): Omit<StoredFile, 'size'> {
  try {
    const {attachment_url, mime_type} = v.parse(Uploaded, JSON.parse(text));
    return {name, url: attachment_url, mimeType: mime_type ?? mimeType};
  } catch (error) {
    throw new PoeError('not_understood', `Poe took ${name}, but did not say where it lies`, {
      remedy: 'send_inline',
      cause: error,
    });
  }
}

function notTaken(name: string, url: URL, {status, headers, text}: TextResponse): PoeError {
  const {code, message, hint, facts} = responseError(status, headers, text);
  if (code === 'too_large') {
    return new PoeError(code, `${url.host} did not take the file ${name}: it is too large (${status})`, {
      hint: 'Nothing was sent. Send a smaller one.',
    });
  }
  const isOfFile = code === 'refused' || code === 'bot_not_found' || code === 'not_understood';
  return new PoeError(
    isOfFile ? 'refused' : code,
    `${url.host} did not take the file ${name}: ${message}`,
    isOfFile ? {hint: 'Nothing was sent. Check the file.', remedy: 'send_inline'} : {...facts, hint},
  );
}

import {PoeError} from '../errors.js';
import {type AttemptOptions, type HttpRequest, sendOnce, type StreamedResponse} from './attempt.js';
import {retry, type RetryPolicy} from './retry.js';
import type {ResponseHeaders} from './transport.js';

export type {HttpRequest, StreamedResponse};

export interface RequestOptions extends AttemptOptions {
  /** Default: one attempt. */
  retry?: RetryPolicy | undefined;
}

export interface TextResponse {
  status: number;
  headers: ResponseHeaders;
  text: string;
}

/**
 * Makes a request and returns when the response headers have arrived, with any status. Does not follow redirects.
 * @throws PoeError `network`, `timeout`, `interrupted`; what generating the body throws
 */
export function request(url: URL, httpRequest: HttpRequest, options: RequestOptions): Promise<StreamedResponse> {
  const attempt = () => sendOnce(url, httpRequest, options);
  return options.retry ? retry(attempt, options.retry, options.signal) : attempt();
}

/** As `request`, and reads the body. A response that is cut off is retried as well. @throws PoeError also `not_understood` */
export function requestText(url: URL, httpRequest: HttpRequest, options: RequestOptions): Promise<TextResponse> {
  const attempt = async () => {
    const response = await sendOnce(url, httpRequest, options);
    const body = new Body(response.url);
    try {
      await response.forEach((chunk) => body.add(chunk));
    } finally {
      response.close();
    }
    return {status: response.status, headers: response.headers, text: body.text};
  };
  return options.retry ? retry(attempt, options.retry, options.signal) : attempt();
}

/** Poe's pages have 2–5 MB, the API's list of models about 1 MB. */
const maxBytes = 32 * 1024 * 1024;

/** What has arrived of a body. */
class Body {
  readonly #url: URL;
  readonly #limit: number;
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  constructor(url: URL, limit = maxBytes) {
    this.#url = url;
    this.#limit = limit;
  }

  /** @throws PoeError `not_understood` if it is too large */
  add(chunk: Uint8Array): undefined {
    this.#length += chunk.byteLength;
    if (this.#length > this.#limit) throw responseTooLarge(this.#url, this.#limit);
    this.#chunks.push(chunk);
  }

  get bytes(): Uint8Array {
    return Buffer.concat(this.#chunks);
  }

  /** Without a byte order mark. */
  get text(): string {
    return new TextDecoder().decode(this.bytes);
  }
}

/** Reads a whole body. @throws PoeError `not_understood` if it is too large; as the body */
export async function readBytes(response: ResponseBody, limit?: number): Promise<Uint8Array> {
  return (await readBody(response, limit)).bytes;
}

async function readBody({body: chunks, url}: ResponseBody, limit?: number): Promise<Body> {
  const body = new Body(url, limit);
  for await (const chunk of chunks) body.add(chunk);
  return body;
}

/** Reads a whole body as UTF-8, without a byte order mark. @throws PoeError as `readBytes` */
export async function readText(response: ResponseBody, limit?: number): Promise<string> {
  return (await readBody(response, limit)).text;
}

interface ResponseBody {
  body: AsyncIterable<Uint8Array>;
  url: URL;
}

const responseTooLarge = (url: URL, limit: number): PoeError =>
  new PoeError('not_understood', `The response of ${url.host} is larger than ${limit / 1024 / 1024} MiB`, {
    hint: 'Check the URL. If it is right, try again later.',
  });

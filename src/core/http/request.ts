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
    return {status: response.status, headers: response.headers, text: await readText(response)};
  };
  return options.retry ? retry(attempt, options.retry, options.signal) : attempt();
}

/** Poe's pages have 2–5 MB, the API's list of models about 1 MB. */
const maxBytes = 32 * 1024 * 1024;

/** Reads a whole body. @throws PoeError `not_understood` if it is too large; as the body */
export async function readBytes({body, url}: ResponseBody, limit = maxBytes): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > limit) throw responseTooLarge(url, limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Reads a whole body as UTF-8, without a byte order mark. @throws PoeError as `readBytes` */
export async function readText(response: ResponseBody, limit = maxBytes): Promise<string> {
  return new TextDecoder().decode(await readBytes(response, limit));
}

interface ResponseBody {
  body: AsyncIterable<Uint8Array>;
  url: URL;
}

const responseTooLarge = (url: URL, limit: number): PoeError =>
  new PoeError('not_understood', `The response of ${url.host} is larger than ${limit / 1024 / 1024} MiB`, {
    hint: 'Check the URL. If it is right, try again later.',
  });

import type {IncomingHttpHeaders} from 'node:http';
import ky, {HTTPError, type Options} from 'ky';
import {interruption} from '../errors.js';
import {type HttpRequest, sendOnce, type StreamedResponse} from './attempt.js';
import {readBytes, type RequestOptions, type TextResponse} from './request.js';
import {type RetryPolicy, retryPauseMs} from './retry.js';

/*
 * Plain GET requests: pages, scripts, lists, downloads. Load this module with `import()`: ky loads Node's Request, Response and
 * Headers, which takes about 20 ms, and a message that is sent needs none of them.
 */

export interface GetOptions extends RequestOptions {
  retry: RetryPolicy;
}

/** The options that the ky instance below passes to its `fetch`. */
interface GetRequest {
  url: URL;
  headers: HttpRequest['headers'];
  options: GetOptions;
  /** Whether the body is read before `fetch` returns, so that a response that is cut off is retried as well. */
  isBuffered: boolean;
}

const client = ky.create({
  timeout: false,
  async fetch(_request, init) {
    const {url, headers, options, isBuffered} = getRequestOf(init);
    const response = await sendOnce(url, {method: 'GET', headers}, options);
    const body = isBuffered ? await readBytes(response) : streamOf(response);
    if (bodylessStatuses.has(response.status)) response.close();
    return toResponse(body, {url, status: response.status, headers: response.incomingHeaders});
  },
  hooks: {
    beforeRetry: [({error}) => void (error instanceof HTTPError && error.response.body?.cancel())],
  },
});

/**
 * Makes a GET request and returns when the response headers have arrived, with any status. Does not follow redirects.
 * Reading the body throws PoeError.
 * @throws PoeError `network`, `timeout`, `interrupted`
 */
export const get = (url: URL, headers: HttpRequest['headers'], options: GetOptions): Promise<Response> =>
  send({url, headers, options, isBuffered: false});

/** As `get`, and reads the body. A response that is cut off is retried as well. @throws PoeError also `not_understood` */
export async function getText(url: URL, headers: HttpRequest['headers'], options: GetOptions): Promise<TextResponse> {
  const response = await send({url, headers, options, isBuffered: true});
  return {status: response.status, headers: response.headers, text: await response.text()};
}

async function send(getRequest: GetRequest): Promise<Response> {
  const {url, options} = getRequest;
  const {retry: policy, signal} = options;
  let pauseMs = 0;
  const kyOptions: Options & {getRequest: GetRequest} = {
    getRequest,
    signal,
    // ky repeats only what throws.
    throwHttpErrors: (status) => policy.retriesStatus(status, 1),
    retry: {
      limit: policy.maxTries - 1,
      shouldRetry({error, retryCount}) {
        const pause = retryPauseMs(policy, retryCount, error instanceof HTTPError ? error.response : {error});
        pauseMs = pause ?? 0;
        return pause !== undefined;
      },
      delay: () => pauseMs,
    },
  };
  try {
    return await client(withoutCredentials(url), kyOptions);
  } catch (error) {
    if (error instanceof HTTPError) return error.response;
    throw signal?.aborted ? interruption(signal) : error;
  }
}

/** `Request` rejects URLs with a user name. The transport uses the URL of `getRequest`. */
function withoutCredentials(url: URL): URL {
  const plain = new URL(url);
  plain.username = plain.password = '';
  return plain;
}

function getRequestOf(init: object | undefined): GetRequest {
  // ky passes options that it does not know on to `fetch`. `send` is the only caller and always sets this one.
  return (init as {getRequest: GetRequest}).getRequest;
}

/** Reads a chunk only when the consumer asks for one, so that a download is never held in memory. */
function streamOf({body, close}: StreamedResponse): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      async pull(controller) {
        const {done, value} = await body.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: close,
    },
    {highWaterMark: 0},
  );
}

/** A `Response` that also has its URL, and any status: the constructor takes only statuses from 200 to 599. */
function toResponse(
  body: Uint8Array | ReadableStream<Uint8Array>,
  {url, status, headers}: {url: URL; status: number; headers: IncomingHttpHeaders},
): Response {
  const pairs = Object.entries(headers).flatMap(([name, values = []]) =>
    [values].flat().map((value): [string, string] => [name, value]),
  );
  const isStandard = status >= 200 && status <= 599;
  const init = {status: isStandard ? status : 200, headers: pairs};
  const response = new Response(bodylessStatuses.has(status) ? null : body, init);
  return Object.defineProperties(response, {
    url: {value: url.href},
    ...(!isStandard && {status: {value: status}, ok: {value: false}}),
  });
}

const bodylessStatuses: ReadonlySet<number> = new Set([204, 205, 304]);

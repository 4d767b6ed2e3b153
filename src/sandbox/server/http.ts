import type {IncomingHttpHeaders, IncomingMessage} from 'node:http';
import * as v from 'valibot';
import {type FilePart, parseForm, type UploadForm} from './multipart.js';

/** A request that the sandbox received. */
export interface RecordedRequest {
  readonly method: string;
  /** The header `Host`. */
  readonly host: string;
  /** Including the query string. */
  readonly path: string;
  /** Names are in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The body as text. Of a multipart body only the part `queryInfo` or `operations`. */
  readonly body: string;
  /** The operation's name in a GraphQL request. */
  readonly queryName?: string;
  /** The operation's variables in a GraphQL request. */
  readonly variables?: unknown;
  /** The status of the response; 0 until it is sent, and if it never is. */
  status: number;
}

/** A request with its body read. */
export interface SandboxRequest {
  readonly method: string;
  readonly host: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** The bytes that the tag id signs: the body, or the part `queryInfo` or `operations` of a multipart body. */
  readonly signed: Uint8Array | string;
  /** A multipart body. */
  readonly form?: UploadForm;
  /** The files of a multipart body; null for other bodies. */
  readonly files: readonly FilePart[] | null;
  /** Whether the body is too large, or a multipart body in a format that the site does not accept. */
  readonly isMalformed: boolean;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

const maxBodyBytes = 420_000_000;

/** Reads a request to its end. */
export async function readRequest(request: IncomingMessage): Promise<SandboxRequest> {
  const head = requestHead(request);
  const body = await readBody(request);
  if (!body) return {...head, signed: '', files: null, isMalformed: true};
  const type = request.headers['content-type'] ?? '';
  // The API's forms have other parts than those of the site.
  const isForm = type.startsWith('multipart/form-data') && !head.url.pathname.startsWith('/v1/');
  if (!isForm) return {...head, signed: body, files: null, isMalformed: false};
  const form = parseForm(body, type);
  return {...head, form, signed: form?.query ?? '', files: form?.files ?? [], isMalformed: form === undefined};
}

/** The method, headers, path and query of a request. The host of the URL has no meaning. */
export function requestHead({method = 'GET', url = '/', headers}: IncomingMessage) {
  const absolute = `http://sandbox.invalid${url}`;
  return {
    method,
    host: headers.host ?? '',
    url: new URL(URL.canParse(absolute) ? absolute : 'http://sandbox.invalid/%00'),
    headers,
  };
}

/** The body, copied once; undefined if it is larger than the site accepts. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const announced = Number(request.headers['content-length'] ?? 0);
  let body: Buffer = Buffer.allocUnsafeSlow(Math.min(announced, maxBodyBytes));
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    const start = length;
    length += chunk.length;
    if (length > maxBodyBytes) continue;
    if (length > body.length) body = enlarge(body, length);
    body.set(chunk, start);
  }
  return length <= maxBodyBytes ? body.subarray(0, length) : undefined;
}

/** Copies a buffer to a larger one, for bodies without a Content-Length. */
function enlarge(bytes: Buffer, minLength: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(Math.max(minLength, bytes.length * 2));
  larger.set(bytes);
  return larger;
}

const QueryBody = v.object({queryName: v.optional(v.string()), variables: v.optional(v.unknown())});

/** What is stored of a request for inspection. */
export function recordRequest({
  method,
  host,
  headers,
  url,
  signed,
}: Pick<SandboxRequest, 'method' | 'host' | 'headers' | 'url' | 'signed'>): RecordedRequest {
  const body = Buffer.from(signed).toString('utf8');
  const query = v.safeParse(QueryBody, parseJson(body));
  return {
    method,
    host,
    path: url.pathname + url.search,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value?.toString()])),
    body,
    ...(query.success ? query.output : {}),
    status: 0,
  };
}

/** The value of a JSON text; undefined if it is invalid. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a request has the session's cookies. */
export function hasSession({headers}: SandboxRequest, tokens: {pB: string; pLat: string}): boolean {
  const pairs = (headers.cookie ?? '').split(/;\s*/);
  const cookies = new Map(pairs.map((pair) => [pair.replace(/=.*/s, ''), pair.replace(/^[^=]*=?/, '')]));
  return cookies.get('p-b') === tokens.pB && cookies.get('p-lat') === tokens.pLat;
}

/** Whether a request has no `Origin`, or only this one: the header may occur twice. */
export const isFromOrigin = ({headers}: Pick<SandboxRequest, 'headers'>, origin: string): boolean =>
  (headers.origin ?? origin).split(/,\s*/).every((value) => value === origin);

export const html = (status: number, body: string, headers: Record<string, string> = {}): HttpResponse => ({
  status,
  headers: {'Content-Type': 'text/html; charset=utf-8', ...headers},
  body,
});

/** @param removedFields names of fields to omit at any depth */
export const json = (status: number, value: unknown, removedFields: readonly string[] = []): HttpResponse => ({
  status,
  headers: {'Content-Type': 'application/json; charset=utf-8'},
  body: JSON.stringify(value, (name, field: unknown) => (removedFields.includes(name) ? undefined : field)),
});

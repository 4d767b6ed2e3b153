import type {IncomingHttpHeaders, IncomingMessage} from 'node:http';
import * as v from 'valibot';
import {type FilePart, type QueryForm, readForm} from './multipart.js';
import type {SandboxSite} from '../site/site.js';

/** A request that reached the sandbox. */
export interface SeenRequest {
  readonly method: string;
  readonly host: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** As text; of a multipart body the part `queryInfo` only. */
  readonly body: string;
  readonly queryName?: string;
  readonly variables?: unknown;
  /** What it was answered; 0 where it was not (yet) answered. */
  status: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** A request, read once. */
export interface Asked {
  readonly method: string;
  readonly host: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** What a tag id is made of: the body, or the part `queryInfo` of a multipart one. */
  readonly signed: Uint8Array | string;
  /** The files of a multipart body by their field names; null where the body is not multipart. */
  readonly files: readonly FilePart[] | null;
  /** The form that a multipart body has. */
  readonly form?: QueryForm;
  /** Whether the body is too large, or multipart and not of the site's form. */
  readonly isBroken: boolean;
}

const mostBytes = 420_000_000;

/** Reads a request to its end. A body that is no good is marked as broken. */
export async function readRequest(request: IncomingMessage): Promise<Asked> {
  const host = request.headers.host ?? '';
  const head = {
    method: request.method ?? 'GET',
    host,
    url: requestUrl(request),
    headers: request.headers,
  };
  const body = await readBody(request);
  if (!body) return {...head, signed: '', files: null, isBroken: true};
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) return {...head, signed: body, files: null, isBroken: false};
  const form = readForm(body, type);
  return {...head, form, signed: form?.query ?? '', files: form?.files ?? [], isBroken: form === undefined};
}

/** The path and query that were asked for, under a host that does not matter. */
export function requestUrl({url = '/'}: IncomingMessage): URL {
  const address = `http://sandbox.invalid${url}`;
  return new URL(URL.canParse(address) ? address : 'http://sandbox.invalid/%00');
}

/** The whole body, copied once; nothing where it is larger than anything the site takes. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const announced = Number(request.headers['content-length'] ?? 0);
  let body: Buffer = Buffer.allocUnsafeSlow(Math.min(announced, mostBytes));
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    const place = length;
    length += chunk.length;
    if (length > mostBytes) continue;
    if (length > body.length) body = grown(body, length);
    body.set(chunk, place);
  }
  return length <= mostBytes ? body.subarray(0, length) : undefined;
}

/** The same bytes in a larger place: for bodies whose length was not announced. */
function grown(bytes: Buffer, length: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(Math.max(length, bytes.length * 2));
  larger.set(bytes);
  return larger;
}

const PartOfQuery = v.object({queryName: v.optional(v.string()), variables: v.optional(v.unknown())});

/** What is kept of a request for those who look at it later. */
export function seenRequest(asked: Asked): SeenRequest {
  const body = Buffer.from(asked.signed).toString('utf8');
  const query = v.safeParse(PartOfQuery, parseJson(body));
  const {method, host, headers, url} = asked;
  return {
    method,
    host,
    path: url.pathname + url.search,
    headers,
    body,
    ...(query.success ? query.output : {}),
    status: 0,
  };
}

/** A value from JSON text; undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a request is of the one session that the site knows. */
export function hasSession({headers}: Pick<Asked, 'headers'>, {tokens}: Pick<SandboxSite, 'tokens'>): boolean {
  const cookies = new Map(
    (headers.cookie ?? '').split(/;\s*/).map((pair) => [pair.replace(/=.*/s, ''), pair.replace(/^[^=]*=?/, '')]),
  );
  return cookies.get('p-b') === tokens.pB && cookies.get('p-lat') === tokens.pLat;
}

export const html = (status: number, body: string, headers: Record<string, string> = {}): HttpAnswer => ({
  status,
  headers: {'Content-Type': 'text/html; charset=utf-8', ...headers},
  body,
});

/** @param lacks names of fields that are left out, wherever they are */
export const json = (status: number, value: unknown, lacks: readonly string[] = []): HttpAnswer => ({
  status,
  headers: {'Content-Type': 'application/json; charset=utf-8'},
  body: JSON.stringify(value, (name, field: unknown) => (lacks.includes(name) ? undefined : field)),
});

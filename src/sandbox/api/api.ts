import {randomBytes} from 'node:crypto';
import type {ServerResponse} from 'node:http';
import {type HttpResponse, json, type SandboxRequest} from '../server/http.js';
import type {SandboxSite} from '../site/site.js';
import {type CompletionRequest, parseCompletion} from './completion-request.js';
import {streamCompletion} from './completion-stream.js';
import {errorResponse} from './errors.js';
import {modelList} from './models.js';
import {type NativeRequest, parseNative} from './native-request.js';
import {streamNative} from './native-stream.js';
import {handleUpload, uploadPath} from './upload.js';
import {balance, pointsHistory} from './usage.js';

/** The only key that the API accepts. */
export const apiKey = 'sandbox-key-5f2b8c1d9e';

type ApiSite = Pick<SandboxSite, 'apiFiles' | 'ledger' | 'pace' | 'signIns' | 'url'>;

/** Whether a path belongs to Poe's API, which has its own hosts. */
export const isApiPath = (path: string): boolean =>
  path === uploadPath || /^\/(?:v1|usage|token|bot)(?:\/|$)/.test(path);

/** Answers a request to the API. @returns the status */
export async function serveApi(request: SandboxRequest, response: ServerResponse, site: ApiSite): Promise<number> {
  const result = await route(request, site);
  const requestId = {'x-request-id': `req_poe_${randomBytes(16).toString('hex')}`};
  if ('status' in result) {
    response.writeHead(result.status, {...result.headers, ...requestId}).end(result.body);
    return result.status;
  }
  site.ledger.addRequest(result.model);
  if ('query' in result) {
    response.writeHead(200, {'Content-Type': 'text/event-stream; charset=utf-8', ...requestId});
    await streamNative(result, response, site.pace);
    return 200;
  }
  const type = result.isStreamed ? 'text/event-stream' : 'application/json';
  response.writeHead(200, {'Content-Type': type, ...requestId});
  await streamCompletion(result, response, site.pace);
  return 200;
}

async function route(
  request: SandboxRequest,
  site: ApiSite,
): Promise<HttpResponse | CompletionRequest | NativeRequest> {
  const {method, url, headers} = request;
  const path = url.pathname;
  // A program that signs in has no key yet, only a code.
  if (path === '/token') return method === 'POST' ? site.signIns.exchange(request, apiKey) : wrongMethod;
  if (headers.cookie !== undefined || headers['poe-formkey'] !== undefined) {
    return errorResponse(400, 'Do not send cookies or form keys to this host.');
  }
  if (path === '/v1/models') return method === 'GET' ? json(200, modelList) : wrongMethod;
  // The only endpoint without "Bearer".
  if (path === uploadPath) {
    if (headers.authorization !== apiKey) return {status: 401, body: 'Invalid API key.'};
    return method === 'POST' ? handleUpload(request, site) : wrongMethod;
  }
  if (headers.authorization !== `Bearer ${apiKey}`) return errorResponse(401, 'Incorrect API key provided.');
  const [, bot] = /^\/bot\/([^/]+)$/.exec(path) ?? [];
  if (bot !== undefined) return method === 'POST' ? parseNative(decodeURIComponent(bot), request, site) : wrongMethod;
  switch (path) {
    case '/v1/chat/completions':
      return method === 'POST' ? parseCompletion(request) : wrongMethod;
    case '/usage/current_balance':
      return method === 'GET' ? json(200, balance) : wrongMethod;
    case '/usage/points_history':
      return method === 'GET' ? pointsHistory(url.searchParams, site.ledger) : wrongMethod;
    default:
      return errorResponse(404, 'Not found.');
  }
}

const wrongMethod = errorResponse(405, 'Method not allowed.');

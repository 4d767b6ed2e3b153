import {randomBytes} from 'node:crypto';
import type {ServerResponse} from 'node:http';
import {type Asked, type HttpAnswer, json} from '../server/http.js';
import type {SandboxSite} from '../site/site.js';
import {type CompletionRequest, readCompletion} from './completion-request.js';
import {failed} from './errors.js';
import {modelList} from './models.js';
import {type NativeRequest, readNative} from './native-request.js';
import {streamNative} from './native-stream.js';
import type {SignIns} from './sign-in.js';
import {stream} from './completion-stream.js';
import {takeUpload, uploadPath} from './upload.js';
import {balance, pointsHistory} from './usage.js';

/** The one key that the API takes. */
export const apiKey = 'sandbox-key-5f2b8c1d9e';

/** Whether a path is one of Poe's API, which on the real Poe has a host of its own. */
export const isOfApi = (path: string): boolean => path === uploadPath || /^\/(?:v1|usage|token|bot)(?:\/|$)/.test(path);

/** Answers a request to the API. */
export async function serveApi(
  asked: Asked,
  response: ServerResponse,
  site: Pick<SandboxSite, 'pace' | 'ledger' | 'apiFiles' | 'url' | 'signIns'>,
): Promise<number> {
  const {pace, ledger, signIns} = site;
  const answer = asked.url.pathname === '/token' ? token(asked, signIns) : await route(asked, site);
  const id = `req_poe_${randomBytes(16).toString('hex')}`;
  if ('status' in answer) {
    response.writeHead(answer.status, {...answer.headers, 'x-request-id': id}).end(answer.body);
    return answer.status;
  }
  ledger.spend(answer.model);
  if ('query' in answer) {
    response.writeHead(200, {'Content-Type': 'text/event-stream; charset=utf-8', 'x-request-id': id});
    await streamNative(answer, response, pace);
    return 200;
  }
  response.writeHead(200, {
    'Content-Type': answer.isStreamed ? 'text/event-stream' : 'application/json',
    'x-request-id': id,
  });
  await stream(answer, response, pace);
  return 200;
}

async function route(
  asked: Asked,
  site: Pick<SandboxSite, 'ledger' | 'apiFiles' | 'url'>,
): Promise<HttpAnswer | CompletionRequest | NativeRequest> {
  const {ledger} = site;
  const {method, url, headers} = asked;
  if (headers.cookie !== undefined || headers['poe-formkey'] !== undefined) {
    return failed(400, 'This host must not be sent cookies or form keys.');
  }
  if (url.pathname === '/v1/models') return method === 'GET' ? json(200, modelList) : wrongMethod;
  // The one place where Poe wants no Bearer.
  if (url.pathname === uploadPath) {
    if (headers.authorization !== apiKey) return {status: 401, body: 'Invalid API key.'};
    return method === 'POST' ? takeUpload(asked, site) : wrongMethod;
  }
  if (headers.authorization !== `Bearer ${apiKey}`) return failed(401, 'Incorrect API key provided.');
  const [, bot] = /^\/bot\/([^/]+)$/.exec(url.pathname) ?? [];
  if (bot !== undefined) return method === 'POST' ? readNative(decodeURIComponent(bot), asked, site) : wrongMethod;
  switch (url.pathname) {
    case '/v1/chat/completions':
      return method === 'POST' ? readCompletion(asked) : wrongMethod;
    case '/usage/current_balance':
      return method === 'GET' ? json(200, balance()) : wrongMethod;
    case '/usage/points_history':
      return method === 'GET' ? pointsHistory(url.searchParams, ledger) : wrongMethod;
    default:
      return failed(404, 'Not found.');
  }
}

/** A code is all that who has no key yet can show. */
const token = (asked: Asked, signIns: SignIns): HttpAnswer =>
  asked.method === 'POST' ? signIns.exchange(asked, apiKey) : wrongMethod;

const wrongMethod = failed(405, 'Method not allowed.');

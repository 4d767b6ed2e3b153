import {randomBytes} from 'node:crypto';
import type {ServerResponse} from 'node:http';
import {type HttpResponse, json, type SandboxRequest} from '../server/http.js';
import {isSettingsPath, updateBotSettings} from '../server-bots/settings.js';
import type {SandboxSite} from '../site/site.js';
import {parseCompletion} from './completion-request.js';
import {answerCompletion} from './completion-stream.js';
import {errorResponse} from './errors.js';
import {completionReply} from './completion-bots.js';
import {costOf, type RequestCost, tokensIn} from './cost.js';
import {answerMessages, countRequest} from './messages/answer.js';
import {messagesError, parseMessages} from './messages/request.js';
import {answerImages, imagesPath} from './media/images.js';
import {answerVideos, videosPath} from './media/videos.js';
import {modelList} from './models.js';
import {joinPieces} from './reply-stream.js';
import {answerOwnBots, isOwnBotsPath} from './own-bots.js';
import {parseNative} from './native-request.js';
import {streamNative} from './native-stream.js';
import {answerResponses} from './responses/answer.js';
import {parseResponses} from './responses/request.js';
import {handleUpload, uploadPath} from './upload.js';
import {balance, pointsHistory} from './usage.js';

/** The only key that the API accepts. */
export const apiKey = 'sandbox-key-5f2b8c1d9e';

type ApiSite = Pick<
  SandboxSite,
  'apiFiles' | 'cdnUrl' | 'ledger' | 'pace' | 'promptCache' | 'signIns' | 'url' | 'videoJobs' | 'world'
>;

/** Whether a path belongs to Poe's API, which has its own hosts. */
export const isApiPath = (path: string): boolean =>
  path === uploadPath || /^\/(?:v1|usage|token|bots?)(?:\/|$)/.test(path);

/** Writes the reply of a bot. @returns the status; 0 if there is no response */
type Writer = (response: ServerResponse, headers: Readonly<Record<string, string>>) => Promise<number>;

/** A response, or a request to a bot: its reply is written while the bot makes it. */
type Result =
  | HttpResponse
  | {model: string; cost: RequestCost; response: HttpResponse}
  | {model: string; cost: RequestCost; writeReply: Writer};

/** Answers a request to the API. @returns the status; 0 if there is no response */
export async function serveApi(request: SandboxRequest, response: ServerResponse, site: ApiSite): Promise<number> {
  const result = await route(request, site);
  const requestId = {'x-request-id': `req_poe_${randomBytes(16).toString('hex')}`};
  if ('status' in result || 'response' in result) {
    if ('response' in result) site.ledger.addRequest(result.model, result.cost);
    const {status, headers, body} = 'response' in result ? result.response : result;
    response.writeHead(status, {...headers, ...requestId}).end(body);
    return status;
  }
  site.ledger.addRequest(result.model, result.cost);
  return result.writeReply(response, requestId);
}

async function route(request: SandboxRequest, site: ApiSite): Promise<Result> {
  const {method, url, headers} = request;
  const path = url.pathname;
  // It has the access key of a bot instead, in its path.
  if (isSettingsPath(path)) return updateBotSettings(request, site.world);
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
  if (path === '/v1/messages') return messages(request, site);
  if (headers.authorization !== `Bearer ${apiKey}`) return errorResponse(401, 'Incorrect API key provided.');
  if (isOwnBotsPath(path)) return answerOwnBots(request, site.world);
  const [, bot] = /^\/bot\/([^/]+)$/.exec(path) ?? [];
  if (bot !== undefined) {
    if (method !== 'POST') return wrongMethod;
    return replyTo(parseNative(decodeURIComponent(bot), request, site), site.pace, streamNative);
  }
  if (path === videosPath || path.startsWith(`${videosPath}/`)) return answerVideos(request, site);
  switch (path) {
    case imagesPath:
    // The path that the package `openai` uses.
    case `${imagesPath}/generations`:
      return method === 'POST' ? answerImages(request, site) : wrongMethod;
    case '/v1/chat/completions':
      return method === 'POST' ? replyTo(parseCompletion(request, site), site.pace, answerCompletion) : wrongMethod;
    case '/v1/responses':
      return method === 'POST' ? replyTo(parseResponses(request), site.pace, answerResponses) : wrongMethod;
    case '/v1/whoami':
      return method === 'POST' ? json(200, owner) : wrongMethod;
    case '/usage/current_balance':
      return method === 'GET' ? json(200, balance) : wrongMethod;
    case '/usage/points_history':
      return method === 'GET' ? pointsHistory(url.searchParams, site.ledger) : wrongMethod;
    default:
      return errorResponse(404, 'Not found.');
  }
}

/** `POST /v1/messages`: it also takes the key as `x-api-key`, which has precedence, and has errors of its own. */
function messages(request: SandboxRequest, {pace, promptCache}: ApiSite): Result {
  const {method, headers} = request;
  const key = headers['x-api-key']?.toString() ?? headers.authorization?.replace(/^Bearer /, '');
  if (key !== apiKey) return messagesError(401, 'Incorrect API key provided.');
  if (method !== 'POST') return messagesError(405, 'Method not allowed.');
  const parsed = parseMessages(request);
  if ('status' in parsed) return parsed;
  const counted = countRequest(parsed, promptCache);
  return {...replyTo(counted, pace, answerMessages), cost: costOf(counted.model, counted.tokens)};
}

interface Asked {
  model: string;
  messages?: {role: string; text: string}[];
}

/** The request of every protocol but Anthropic's is read in full each time. */
const fullCost = ({model, messages = []}: Asked): RequestCost => {
  const input = messages.reduce((sum, {text}) => sum + tokensIn(text), 0);
  const pieces = completionReply({model, messages, parameters: {}});
  const output = tokensIn(joinPieces(pieces, 'thought') + joinPieces(pieces, 'text'));
  return costOf(model, {input, cacheRead: 0, cacheWrite: 0, output});
};

const replyTo = <R extends Asked>(
  request: R | HttpResponse,
  pace: number,
  answer: (request: R, ...rest: [...Parameters<Writer>, pace: number]) => Promise<number>,
): Result =>
  'status' in request
    ? request
    : {
        model: request.model,
        cost: fullCost(request),
        writeReply: (response, headers) => answer(request, response, headers, pace),
      };

/** The owner of the key. */
const owner = {user_id: '659168979', handle: 'sandbox', name: 'Sandbox', profile_picture: null};

const wrongMethod = errorResponse(405, 'Method not allowed.');

import {createHash} from 'node:crypto';
import * as v from 'valibot';
import {operations, type OperationKey, type RawAnswerOf} from '../../core/web/protocol/operations.js';
import {accountAnswers} from '../answers/account.js';
import {type AnswerContext, type Answers, ServerError} from '../answers/answers.js';
import {botAnswers} from '../answers/bots.js';
import {chatAnswers} from '../answers/chats.js';
import {messageAnswers} from '../answers/messages.js';
import {ownBotAnswers} from '../answers/own-bots.js';
import type {SandboxSite} from '../site/site.js';
import {tagId} from '../site/tag-id.js';
import type {Upload} from '../world/chat.js';
import {seededCode} from '../world/seeded.js';
import {hasSession, type HttpResponse, isFromOrigin, json, parseJson, type SandboxRequest} from './http.js';
import type {FilePart, UploadForm} from './multipart.js';

export interface GraphqlResult {
  readonly response: HttpResponse;
  /** The operation that was executed. */
  readonly operation?: OperationKey;
  /** Work to do after the response has been sent. */
  readonly afterResponse?: () => Promise<void>;
}

const Query = v.strictObject({
  queryName: v.string(),
  variables: v.record(v.string(), v.unknown()),
  extensions: v.object({hash: v.string()}),
});
type Query = v.InferOutput<typeof Query>;

const badRequest = json(400, {success: false, message: 'Bad Request'});
const emptyBadRequest: HttpResponse = {status: 400, body: ''};
const failure = (message: string): HttpResponse =>
  json(200, {data: null, errors: [{message}], extensions: {is_final: true}});
export const serverError = failure('Server Error');

/** Answers `POST /api/gql_POST`. */
export function answerQuery(request: SandboxRequest, site: SandboxSite): GraphqlResult {
  const isJson = /^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '');
  if (!isJson || request.isMalformed || !isAuthentic(request, site)) return {response: badRequest};
  const query = parseQuery(request);
  return query ? execute(query, [], request, site) : {response: badRequest};
}

/** Answers `POST /api/gql_upload_POST`: a message with its files. */
export function answerUpload(request: SandboxRequest, site: SandboxSite): GraphqlResult {
  const {form, isMalformed} = request;
  if (!form || isMalformed) return {response: emptyBadRequest};
  const query = parseQuery(request);
  const isKnowledge = query !== undefined && 'sourceInput' in query.variables;
  const {uploadMethod} = site.facts;
  // Knowledge is never uploaded before its request.
  const method = isKnowledge && uploadMethod === 'finish' ? 'queryInfo' : uploadMethod;
  if (form.method !== method) return {response: emptyBadRequest};
  if (!isAuthentic(request, site)) return {response: badRequest};
  if (!query || !(isKnowledge ? namesKnowledge(form, query.variables) : namesAllFiles(form, query.variables)))
    return {response: emptyBadRequest};
  return execute(query, toUploads(form.files, site), request, site);
}

/** Answers `POST /api/finish_upload_POST`: stores a file and returns a token for it. */
export function storeUpload({form, headers, isMalformed}: SandboxRequest, site: SandboxSite): GraphqlResult {
  const hasFormKey = headers['poe-formkey'] === site.formKey.current;
  const [file, ...others] = form?.files ?? [];
  const isOneFile = form?.method === 'finish' && file?.field === 'file' && others.length === 0;
  if (!isOneFile || isMalformed || !hasFormKey || site.facts.uploadMethod !== 'finish') {
    return {response: emptyBadRequest};
  }
  const token = `e30.${seededCode(`file ${site.world.uploadsAhead.size}`, 20)}.sandbox`;
  const [upload] = toUploads([file], site);
  if (upload) site.world.uploadsAhead.set(token, upload);
  return {response: json(200, {fileHashJwt: token})};
}

/** Whether a text or file of a bot refers to the one file of its form. */
function namesKnowledge({method, map, files: [file, ...others]}: UploadForm, variables: unknown): boolean {
  const Variables = v.object({sourceInput: v.object({file_upload: v.object({attachment: v.nullable(v.string())})})});
  const parsed = v.safeParse(Variables, variables);
  if (!parsed.success || !file || others.length > 0) return false;
  const {attachment} = parsed.output.sourceInput.file_upload;
  if (method === 'queryInfo') return attachment === file.field;
  const expectedMap = {[file.field]: ['variables.sourceInput.file_upload.attachment']};
  return attachment === null && JSON.stringify(parseJson(map)) === JSON.stringify(expectedMap);
}

/** Whether the message refers to the files of its form, in their order. */
function namesAllFiles({method, map, files}: UploadForm, variables: unknown): boolean {
  const parsed = v.safeParse(v.object({attachments: v.array(v.nullable(v.string()))}), variables);
  const fields = files.map(({field}) => field).join();
  if (!parsed.success || files.length === 0) return false;
  const {attachments} = parsed.output;
  if (method === 'queryInfo') {
    // Clients count from 0 or from 1.
    const isNumbered = [0, 1].some((first) => files.every(({field}, index) => field === `file${index + first}`));
    return isNumbered && attachments.join() === fields;
  }
  const expected = files.map((_file, index) => String(index));
  if (fields !== expected.join()) return false;
  const expectedMap = Object.fromEntries(expected.map((field) => [field, [`variables.attachments.${field}`]]));
  return (
    attachments.length === files.length &&
    attachments.every((attachment) => attachment === null) &&
    JSON.stringify(parseJson(map)) === JSON.stringify(expectedMap)
  );
}

/** Whether a request has the session's cookies, the form key, a valid tag id, the required headers, and this site's origin if it has one. */
function isAuthentic(request: SandboxRequest, site: SandboxSite): boolean {
  const {headers, signed} = request;
  const {requiredHeaders, tagPositions} = site.facts;
  return (
    hasSession(request, site.tokens) &&
    headers['poe-formkey'] === site.formKey.current &&
    headers['poe-tag-id'] === tagId(signed, site.formKey.current, tagPositions) &&
    requiredHeaders.every((name) => isHeaderValid(name, request)) &&
    isFromOrigin(request, site.url) &&
    `${headers.referer ?? site.url}/`.startsWith(`${site.url}/`)
  );
}

/** Poe only checks that a header is present, except that `poe-queryname` must be the operation's name. */
function isHeaderValid(name: string, request: SandboxRequest): boolean {
  const value = request.headers[name.toLowerCase()];
  if (name !== 'poe-queryname') return value !== undefined && value !== '';
  return value === parseQuery(request)?.queryName;
}

function parseQuery({signed}: SandboxRequest): Query | undefined {
  const parsed = v.safeParse(Query, parseJson(Buffer.from(signed).toString('utf8')));
  return parsed.success ? parsed.output : undefined;
}

function execute(query: Query, uploads: readonly Upload[], request: SandboxRequest, site: SandboxSite): GraphqlResult {
  const operation = site.hashes.operationWithHash(query.extensions.hash);
  if (!operation) return {response: failure('PersistedQueryNotFound')};
  const work: (() => Promise<void>)[] = [];
  const context: AnswerContext = {
    site,
    channel: site.channels.find(request.headers['poe-tchannel']?.toString()),
    uploads,
    afterResponse: (task) => void work.push(task),
  };
  try {
    const data = answerTo(operation, query.variables, context);
    return {
      response: json(200, {data, extensions: {is_final: true}}, site.facts.removedFields),
      operation,
      afterResponse: async () => void (await Promise.all(work.map((task) => task()))),
    };
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    return {response: serverError};
  }
}

const answers: Answers = {...messageAnswers, ...chatAnswers, ...botAnswers, ...ownBotAnswers, ...accountAnswers};

/** @throws ServerError if the variables are invalid */
function answerTo<K extends OperationKey>(operation: K, variables: unknown, context: AnswerContext): RawAnswerOf<K> {
  const parsed = v.safeParse(operations[operation].variables, variables);
  if (!parsed.success) throw new ServerError();
  return answers[operation](parsed.output, context);
}

/** Files with the CDN URLs where they can be downloaded. */
const toUploads = (files: readonly FilePart[], site: SandboxSite): Upload[] =>
  files.map(({name, mimeType, bytes}, index) => ({
    name,
    mimeType,
    bytes,
    url: `${site.cdnUrl}/attachments/${site.world.messageCount}-${index + 1}/${encodeURIComponent(name)}`,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }));

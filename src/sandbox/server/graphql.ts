import {createHash} from 'node:crypto';
import * as v from 'valibot';
import {operations, type OperationKey, type RawAnswerOf} from '../../core/web/protocol/operations.js';
import {accountAnswers} from '../answers/account.js';
import type {AnswerContext, Answers} from '../answers/answers.js';
import {botAnswers} from '../answers/bots.js';
import {chatAnswers} from '../answers/chats.js';
import {messageAnswers} from '../answers/messages.js';
import type {Upload} from '../world/chat.js';
import {type Asked, hasSession, type HttpAnswer, json, parseJson} from './http.js';
import type {FilePart, QueryForm} from './multipart.js';
import {ServerError} from './errors.js';
import {seededCode} from '../world/seeded.js';
import type {SandboxSite} from '../site/site.js';
import {tagIdOf} from '../site/tag-id.js';

export interface GraphqlAnswer {
  readonly answer: HttpAnswer;
  /** The operation that was executed. */
  readonly operation?: OperationKey;
  /** What is to be done when the answer has left. */
  readonly afterwards?: () => Promise<void>;
}

const Body = v.strictObject({
  queryName: v.string(),
  variables: v.record(v.string(), v.unknown()),
  extensions: v.object({hash: v.string()}),
});

const badRequest = json(400, {success: false, message: 'Bad Request'});
const emptyBadRequest: HttpAnswer = {status: 400, body: ''};
const failed = (message: string): HttpAnswer =>
  json(200, {data: null, errors: [{message}], extensions: {is_final: true}});
export const serverError = failed('Server Error');

/** Answers `POST /api/gql_POST`. */
export function answerQuery(asked: Asked, site: SandboxSite): GraphqlAnswer {
  const isJson = /^application\/json\s*(;|$)/i.test(asked.headers['content-type'] ?? '');
  if (!isJson || asked.isBroken || !isGenuine(asked, site)) return {answer: badRequest};
  const body = readQuery(asked);
  return body ? execute(body, [], asked, site) : {answer: badRequest};
}

/** Answers `POST /api/gql_upload_POST`: the same with files, which the message names in the order in which they come. */
export function answerUpload(asked: Asked, site: SandboxSite): GraphqlAnswer {
  if (!asked.form || asked.isBroken || asked.form.way !== site.rules.upload) return {answer: emptyBadRequest};
  if (!isGenuine(asked, site)) return {answer: badRequest};
  const body = readQuery(asked);
  if (!body || !areNamed(asked.form, body.variables)) return {answer: emptyBadRequest};
  return execute(body, keptUploads(asked.form.files, site), asked, site);
}

/** Answers `POST /api/finish_upload_POST`: keeps one file, and gives a token for it. */
export function answerFile({form, headers, isBroken}: Asked, site: SandboxSite): GraphqlAnswer {
  const isOwn = headers['poe-formkey'] === site.formKey.current;
  const [file, ...more] = form?.files ?? [];
  const isFile = form?.way === 'finish' && file?.field === 'file' && more.length === 0;
  if (!isFile || isBroken || !isOwn || site.rules.upload !== 'finish') return {answer: emptyBadRequest};
  const token = `e30.${seededCode(`file ${site.world.ahead.size}`, 20)}.sandbox`;
  const [upload] = keptUploads([file], site);
  if (upload) site.world.ahead.set(token, upload);
  return {answer: json(200, {fileHashJwt: token})};
}

/** Whether the message names the files of its form, in the order in which they come. */
function areNamed({way, map, files}: QueryForm, variables: unknown): boolean {
  const named = v.safeParse(v.object({attachments: v.array(v.nullable(v.string()))}), variables);
  const fields = files.map(({field}) => field).join();
  const expected = files.map((_file, index) => (way === 'queryInfo' ? `file${index + 1}` : String(index)));
  if (!named.success || files.length === 0 || fields !== expected.join()) return false;
  if (way === 'queryInfo') return named.output.attachments.join() === fields;
  const places = Object.fromEntries(expected.map((field) => [field, [`variables.attachments.${field}`]]));
  const areOpen =
    named.output.attachments.length === files.length && named.output.attachments.every((one) => one === null);
  return areOpen && JSON.stringify(parseJson(map)) === JSON.stringify(places);
}

/** Whether it comes from the session and the page: cookies, form key, tag id, and the origin where it is told. */
function isGenuine(asked: Asked, site: SandboxSite): boolean {
  const {headers, signed} = asked;
  const tag = tagIdOf(Buffer.from(signed), site.formKey.current, site.rules.tagPlaces);
  return (
    hasSession(asked, site) &&
    headers['poe-formkey'] === site.formKey.current &&
    headers['poe-tag-id'] === tag &&
    site.rules.requiredHeaders.every((name) => isHeaderGood(name, asked)) &&
    (headers.origin ?? site.url) === site.url &&
    `${headers.referer ?? site.url}/`.startsWith(`${site.url}/`)
  );
}

/** What the site is known to look at: that a header is there, and that it names the operation. */
function isHeaderGood(name: string, asked: Asked): boolean {
  const value = asked.headers[name.toLowerCase()];
  if (name !== 'poe-queryname') return value !== undefined && value !== '';
  return value === readQuery(asked)?.queryName;
}

function readQuery({signed}: Asked): v.InferOutput<typeof Body> | undefined {
  const parsed = v.safeParse(Body, parseJson(Buffer.from(signed).toString('utf8')));
  return parsed.success ? parsed.output : undefined;
}

function execute(
  body: v.InferOutput<typeof Body>,
  uploads: readonly Upload[],
  asked: Asked,
  site: SandboxSite,
): GraphqlAnswer {
  const operation = site.hashes.operationOf(body.extensions.hash);
  if (!operation) return {answer: failed('PersistedQueryNotFound')};
  const works: (() => Promise<void>)[] = [];
  const context: AnswerContext = {
    site,
    channel: site.channels.find(asked.headers['poe-tchannel']?.toString()),
    uploads,
    afterwards: (work) => void works.push(work),
  };
  try {
    const data = answerTo(operation, body.variables, context);
    const answer = json(200, {data, extensions: {is_final: true}}, site.rules.lacks);
    return {answer, operation, afterwards: async () => void (await Promise.all(works.map((work) => work())))};
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    return {answer: serverError};
  }
}

const answers: Answers = {...messageAnswers, ...chatAnswers, ...botAnswers, ...accountAnswers};

/** @throws ServerError when the variables do not fit */
function answerTo<K extends OperationKey>(operation: K, variables: unknown, context: AnswerContext): RawAnswerOf<K> {
  const fitting = v.safeParse(operations[operation].variables, variables);
  if (!fitting.success) throw new ServerError();
  return answers[operation](fitting.output, context);
}

/** The files, as they are kept under addresses of the CDN. */
const keptUploads = (files: readonly FilePart[], site: SandboxSite): Upload[] =>
  files.map(({name, mimeType, bytes}, index) => ({
    name,
    mimeType,
    bytes,
    url: `${site.cdnUrl}/attachments/${site.world.messageCount}-${index + 1}/${encodeURIComponent(name)}`,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }));

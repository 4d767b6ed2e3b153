import {setImmediate} from 'node:timers/promises';
import * as v from 'valibot';
import type {OutgoingFile} from '../../files/outgoing-file.js';
import type {UploadOptions} from '../../files/multipart.js';
import type {Delivery} from '../../http/delivery.js';
import type {CallOptions} from '../../options.js';
import type {SiteFacts} from '../protocol/facts.js';
import {type AnswerOf, type OperationKey, operations, type VariablesOf} from '../protocol/operations.js';
import {type GraphqlResponse, readResponse, refused, unknownFormat} from '../protocol/response.js';
import {type StaleFact, StaleFactError} from '../protocol/stale-fact.js';
import {tagId} from '../protocol/tag.js';
import {type RequestCredentials, uploadFormat} from './credentials.js';
import type {Session} from './session.js';
import type {FilePlace, FileReferences} from './upload.js';
import {stringifyWithIds} from '../protocol/exact-ids.js';

/** Mutations that have the same effect when they are repeated. */
const repeatable: ReadonlySet<OperationKey> = new Set(['subscribe', 'cancelJobs', 'editKnowledge']);

export interface GraphqlOptions extends UploadOptions {
  /** Follows the delivery of a mutation that may cost points. */
  delivery?: Delivery;
  /** Called with the data of the answer before they are checked. Requests that it starts are sent before. */
  onData?: ((data: unknown) => void) | undefined;
  /** Where the file belongs if it is not an attachment of a message. Such a file is never uploaded before its request. */
  place?: FilePlace | undefined;
}

/** A call of an operation, before the facts it depends on are known. */
interface Call<K extends OperationKey> {
  operation: K;
  variables: (facts: SiteFacts, references: FileReferences) => VariablesOf<K>;
  files: readonly OutgoingFile[];
  options: GraphqlOptions;
}

/** Calls operations of poe.com, each as one signed POST request. */
export class GraphqlClient {
  /** The live channel that Poe sends the events of the calls to. */
  channel: string | undefined;

  /** The same one for all requests: to read a URL takes as long as to write a request. */
  readonly #url: URL;

  constructor(readonly session: Session) {
    this.#url = new URL('/api/gql_POST', session.http.site);
  }

  /**
   * Calls an operation. A query is repeated when the network or the server fails. A mutation with an effect is repeated only if Poe
   * rejected it before doing anything: after the rejected fact was refreshed, or as `options.delivery` decides.
   * @throws PoeError
   */
  call<K extends OperationKey>(
    operation: K,
    variables: VariablesOf<K> | ((facts: SiteFacts) => VariablesOf<K>),
    options: CallOptions & Pick<GraphqlOptions, 'delivery' | 'onData'> = {},
  ): Promise<AnswerOf<K>> {
    const variablesFor = typeof variables === 'function' ? variables : () => variables;
    const {signal, delivery, onData} = options;
    return this.#call({operation, variables: variablesFor, files: [], options: {signal, delivery, onData}});
  }

  /** Calls an operation with files, in the upload format of the site. @throws PoeError */
  upload<K extends OperationKey>(
    operation: K,
    variables: Call<K>['variables'],
    files: readonly OutgoingFile[],
    options: GraphqlOptions = {},
  ): Promise<AnswerOf<K>> {
    return this.#call({operation, variables, files, options});
  }

  async #call<K extends OperationKey>(call: Call<K>): Promise<AnswerOf<K>> {
    const {operation, options} = call;
    const {name} = (await this.session.credentials(options.signal)).facts.operations[operation];
    const {data, errorMessage} = await this.#postWithRefresh(call);
    if (options.onData) {
      options.onData(data);
      await setImmediate();
    }
    const answer = v.safeParse(operations[operation].answer, data);
    const hasData = answer.success && Object.values(answer.output).some((field) => field !== null);
    // Errors that come with the requested data do not matter.
    if (!hasData && errorMessage !== null) throw refused(name, 200, errorMessage);
    if (answer.success) return answer.output;
    throw unknownFormat(name, v.getDotPath(answer.issues[0]) ?? 'data');
  }

  /** Posts a call, and again after each fact that Poe rejects was refreshed: once for each fact. */
  async #postWithRefresh<K extends OperationKey>(call: Call<K>): Promise<GraphqlResponse> {
    const {operation, files, options} = call;
    const rejected = new Map<StaleFact, RequestCredentials>();
    for (let credentials = await this.session.credentials(options.signal); ;) {
      try {
        return await (files.length > 0 ? this.#postFiles(call, credentials) : this.#post(call, credentials));
      } catch (error) {
        if (!(error instanceof StaleFactError)) throw error;
        const first = rejected.get(error.fact);
        if (first) throw await this.session.giveUp({error, operation, credentials: first});
        rejected.set(error.fact, credentials);
        credentials = await this.session.refresh({error, operation, credentials}, options.signal);
      }
    }
  }

  async #post<K extends OperationKey>(
    {operation, variables, files, options: {signal, delivery}}: Call<K>,
    credentials: RequestCredentials,
    references: FileReferences = {attachments: [], fileHashJwts: []},
  ): Promise<GraphqlResponse> {
    const {http} = this.session;
    const {name, body} = serialize(operation, variables(credentials.facts, references), credentials);
    const headers = {'Content-Type': 'application/json', ...this.#headers(name, body, credentials)};
    const isSafe = files.length === 0 && (operations[operation].kind === 'query' || repeatable.has(operation));
    const retry = delivery ?? (isSafe ? 'safe' : 'never');
    const url = this.#url;
    return readResponse(name, url, await http.request(url, {method: 'POST', name, headers, body, retry, signal}));
  }

  async #postFiles<K extends OperationKey>(call: Call<K>, credentials: RequestCredentials): Promise<GraphqlResponse> {
    const {operation, variables, files, options} = call;
    const {http} = this.session;
    const {fileParts, operationForm, uploadFiles} = await import('./upload.js');
    const wanted = uploadFormat(credentials);
    const format = wanted === 'finish' && options.place ? 'queryInfo' : wanted;
    if (format === 'finish') {
      return this.#post(call, credentials, await uploadFiles(http, credentials.formKey, files, options));
    }
    const references = fileParts(format, files, options.place);
    const {name, body} = serialize(operation, variables(credentials.facts, references), credentials);
    const url = new URL('/api/gql_upload_POST', http.site);
    const {contentType, length, chunks} = operationForm(format, body, files, options.place);
    const headers = {'Content-Type': contentType, ...this.#headers(name, body, credentials)};
    const onSent = (sent: number) => options.onUpload?.({sent, total: length});
    const {signal, delivery: retry} = options;
    return readResponse(name, url, await http.upload(url, {name, headers, length, chunks, onSent, retry, signal}));
  }

  /** @param body the text that the tag id is computed from */
  #headers(name: string, body: string, {formKey, facts}: RequestCredentials): Record<string, string> {
    const {site} = this.session.http;
    return {
      Origin: site.origin,
      Referer: site.href,
      'Poe-Formkey': formKey,
      ...(this.channel && {'Poe-Tchannel': this.channel}),
      'poe-tag-id': tagId(body, formKey, facts.tag),
      ...(facts.namesOperations && {'poe-queryname': name, poegraphql: '1'}),
      ...(facts.namesOperations && facts.revision !== null && {'poe-revision': facts.revision}),
    };
  }
}

function serialize(
  operation: OperationKey,
  variables: unknown,
  {facts}: RequestCredentials,
): {name: string; body: string} {
  const {name, hash} = facts.operations[operation];
  return {name, body: stringifyWithIds({queryName: name, variables, extensions: {hash}})};
}

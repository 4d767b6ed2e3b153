import * as v from 'valibot';
import type {PoeError} from '../../errors.js';
import type {CallOptions} from '../../options.js';
import type {OutgoingFile} from '../../files/attachments.js';
import {type AnswerOf, type OperationKey, operations, type VariablesOf} from '../protocol/operations.js';
import {type GraphqlResponse, readResponse, refused, unknownFormat} from '../protocol/response.js';
import type {SiteFacts} from '../protocol/facts.js';
import type {UploadOptions} from '../../files/multipart.js';
import type {FileReferences} from './upload.js';
import type {RequestCredentials, Session} from './session.js';
import {type StaleFact, StaleFactError} from '../protocol/stale-fact.js';
import {tagId} from '../protocol/tag.js';

/** Calls operations of poe.com: one signed POST each. */
export class GraphqlClient {
  /** The live channel on whose behalf calls are made; Poe sends their events there. */
  channel: string | undefined;

  constructor(readonly session: Session) {}

  /**
   * Calls an operation and reads its answer. Queries are asked again when the network or the server fails; a mutation that does something is
   * sent a second time only where Poe refused it before executing anything, and what it refused was found anew.
   * @throws PoeError
   */
  call<K extends OperationKey>(
    key: K,
    variables: VariablesOf<K> | ((facts: SiteFacts) => VariablesOf<K>),
    {signal}: CallOptions = {},
  ): Promise<AnswerOf<K>> {
    const retry = operations[key].kind === 'query' || repeatable.has(key);
    const made = (facts: SiteFacts) => (typeof variables === 'function' ? variables(facts) : variables);
    return this.#ask(key, signal, (passport) => this.#post(key, retry, made(passport.facts), passport, signal));
  }

  /** Calls an operation with files that go along, in the way that the site takes them. @throws PoeError */
  upload<K extends OperationKey>(
    key: K,
    variables: (facts: SiteFacts, references: FileReferences) => VariablesOf<K>,
    files: readonly OutgoingFile[],
    options: UploadOptions = {},
  ): Promise<AnswerOf<K>> {
    return this.#ask(key, options.signal, (passport) => this.#upload(key, variables, passport, files, options));
  }

  async #ask<K extends OperationKey>(
    key: K,
    signal: AbortSignal | undefined,
    post: (passport: RequestCredentials) => Promise<GraphqlResponse>,
  ): Promise<AnswerOf<K>> {
    const {name} = (await this.session.passport(signal)).facts.operations[key];
    const {data, errorMessage} = await this.#persist(key, signal, post);
    const answer = v.safeParse(operations[key].answer, data);
    const isThere = answer.success && Object.values(answer.output).some((field) => field !== null);
    // Poe may send errors along with the requested data; then they do not matter.
    if (!isThere && errorMessage !== null) throw refused(name, 200, errorMessage);
    if (answer.success) return answer.output;
    throw unknownFormat(name, v.getDotPath(answer.issues[0]) ?? 'data');
  }

  /** Posts by what is known of the site. Each fact that Poe refuses is found anew once, and the post made once more. */
  async #persist(
    key: OperationKey,
    signal: AbortSignal | undefined,
    post: (passport: RequestCredentials) => Promise<GraphqlResponse>,
  ): Promise<GraphqlResponse> {
    const refused = new Map<StaleFact, RequestCredentials>();
    for (let passport = await this.session.passport(signal); ;) {
      try {
        return await post(passport);
      } catch (error) {
        if (!(error instanceof StaleFactError)) throw error;
        const before = refused.get(error.fact);
        if (before) throw await this.#givenUp(key, error, before);
        refused.set(error.fact, passport);
        passport = await this.session.refresh(passport, error, key, signal);
      }
    }
  }

  async #givenUp(key: OperationKey, refusal: StaleFactError, before: RequestCredentials): Promise<PoeError> {
    if (refusal.fact === 'variables') return refusal;
    return this.session.restore(before, refusal, key);
  }

  async #post(
    key: OperationKey,
    retry: boolean,
    variables: unknown,
    passport: RequestCredentials,
    signal?: AbortSignal,
  ): Promise<GraphqlResponse> {
    const {http} = this.session;
    const {name, body} = written(key, variables, passport);
    const url = new URL('/api/gql_POST', http.site);
    const headers = {'Content-Type': 'application/json', ...this.#headers(name, body, passport)};
    const answer = await http.ask(url, {method: 'POST', name, headers, body, retry, signal});
    return readResponse(name, url, answer);
  }

  async #upload<K extends OperationKey>(
    key: K,
    variables: (facts: SiteFacts, references: FileReferences) => VariablesOf<K>,
    passport: RequestCredentials,
    files: readonly OutgoingFile[],
    {signal, onUpload}: UploadOptions,
  ): Promise<GraphqlResponse> {
    const {facts} = passport;
    const {fileParts, operationForm, uploadFiles} = await import('./upload.js');
    if (facts.upload === 'finish' || this.session.takesFilesAhead) {
      const references = await uploadFiles(this.session.http, passport.formKey, files, {signal, onUpload});
      return this.#post(key, false, variables(facts, references), passport, signal);
    }
    const {http} = this.session;
    const {name, body} = written(key, variables(facts, fileParts(facts.upload, files)), passport);
    const url = new URL('/api/gql_upload_POST', http.site);
    const {contentType, length, chunks} = operationForm(facts.upload, body, files);
    const headers = {'Content-Type': contentType, ...this.#headers(name, body, passport)};
    const onSent = (sent: number) => onUpload?.({sent, total: length});
    const answer = await http.upload(url, {name, headers, length, chunks, onSent, signal});
    return readResponse(name, url, answer);
  }

  /** @param signed the text that the tag id is made of */
  #headers(name: string, signed: string, {formKey, facts}: RequestCredentials): Record<string, string> {
    const {site} = this.session.http;
    return {
      Origin: site.origin,
      Referer: site.href,
      'Poe-Formkey': formKey,
      ...(this.channel && {'Poe-Tchannel': this.channel}),
      'poe-tag-id': tagId(signed, formKey, facts.tag),
      ...(facts.namesOperations && {'poe-queryname': name, poegraphql: '1'}),
      ...(facts.namesOperations && facts.revision !== null && {'poe-revision': facts.revision}),
    };
  }
}

/** Mutations that change nothing when they are made once more. */
const repeatable: ReadonlySet<OperationKey> = new Set(['subscribe', 'cancelJobs']);

function written(key: OperationKey, variables: unknown, {facts}: RequestCredentials): {name: string; body: string} {
  const {name, hash} = facts.operations[key];
  return {name, body: JSON.stringify({queryName: name, variables, extensions: {hash}})};
}

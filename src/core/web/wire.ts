import * as v from 'valibot';
import {PoeError} from '../errors.js';
import type {CallOptions} from '../options.js';
import type {OutgoingFile} from './attachments.js';
import {type AnswerOf, type OperationKey, operations, type VariablesOf} from './operations.js';
import {readEnvelope} from './envelope.js';
import type {Session} from './session.js';
import {tagId} from './tag.js';

/** How far files are on their way, in bytes. */
export interface UploadProgress {
  sent: number;
  total: number;
}

interface UploadOptions extends CallOptions {
  onUpload?: (progress: UploadProgress) => void;
}

/** Calls operations of poe.com: one signed POST each. */
export class Wire {
  /** The live channel on whose behalf calls are made; Poe sends their events there. */
  channel: string | undefined;

  constructor(readonly session: Session) {}

  /**
   * Calls an operation and reads its answer. Queries are asked again when the network or the server fails; a mutation is
   * sent a second time only where Poe refused the form key, which it does before executing anything.
   * @throws PoeError
   */
  call<K extends OperationKey>(key: K, variables: VariablesOf<K>, {signal}: CallOptions = {}): Promise<AnswerOf<K>> {
    const retry = operations[key].kind === 'query';
    return this.#ask(key, variables, signal, (name, body, formKey) => this.#post(name, retry, body, formKey, signal));
  }

  /** Calls an operation with files that go along, as the parts `file1`, `file2`, … of the same request. @throws PoeError */
  upload<K extends OperationKey>(
    key: K,
    variables: VariablesOf<K>,
    files: readonly OutgoingFile[],
    {signal, onUpload}: UploadOptions = {},
  ): Promise<AnswerOf<K>> {
    return this.#ask(key, variables, signal, (name, body, formKey) =>
      this.#upload(name, body, formKey, files, {signal, onUpload}),
    );
  }

  async #ask<K extends OperationKey>(
    key: K,
    variables: VariablesOf<K>,
    signal: AbortSignal | undefined,
    post: (name: string, body: string, formKey: string) => Promise<unknown>,
  ): Promise<AnswerOf<K>> {
    const operation = operations[key];
    const {name, hash} = operation.forms[this.session.generation];
    const body = JSON.stringify({queryName: name, variables, extensions: {hash}});
    const data = await this.session.withFormKey((formKey) => post(name, body, formKey), signal);
    const answer = v.safeParse(operation.answer, data);
    if (answer.success) return answer.output;
    const where = v.getDotPath(answer.issues[0]) ?? 'data';
    throw new PoeError('not_understood', `Poe's answer to ${name} has an unknown shape (at ${where})`, {
      hint: 'The site may have changed: look for a newer version of poe.',
    });
  }

  async #post(name: string, retry: boolean, body: string, formKey: string, signal?: AbortSignal): Promise<unknown> {
    const {http} = this.session;
    const url = new URL('/api/gql_POST', http.site);
    const headers = {'Content-Type': 'application/json', ...this.#headers(body, formKey)};
    const answer = await http.ask(url, {method: 'post', name, headers, body, retry, signal});
    return readEnvelope(name, url, answer);
  }

  async #upload(
    name: string,
    queryInfo: string,
    formKey: string,
    files: readonly OutgoingFile[],
    {signal, onUpload}: UploadOptions,
  ): Promise<unknown> {
    const {http} = this.session;
    const url = new URL('/api/gql_upload_POST', http.site);
    const {multipart} = await import('./multipart.js');
    const {contentType, length, chunks} = multipart(queryInfo, files);
    const headers = {'Content-Type': contentType, ...this.#headers(queryInfo, formKey)};
    const onSent = (sent: number) => onUpload?.({sent, total: length});
    const answer = await http.upload(url, {name, headers, length, chunks, onSent, signal});
    return readEnvelope(name, url, answer);
  }

  /** @param signed the text that the tag id is made of */
  #headers(signed: string, formKey: string): Record<string, string> {
    const {site} = this.session.http;
    return {
      Origin: site.origin,
      Referer: site.href,
      'Poe-Formkey': formKey,
      ...(this.channel && {'Poe-Tchannel': this.channel}),
      'poe-tag-id': tagId(signed, formKey),
    };
  }
}

import * as v from 'valibot';
import {PoeError} from '../errors.js';
import {type AnswerOf, type OperationKey, operations, type VariablesOf} from './operations.js';
import {readEnvelope} from './envelope.js';
import type {Session} from './session.js';
import {tagId} from './tag.js';

export interface CallOptions {
  signal?: AbortSignal;
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
  async call<K extends OperationKey>(
    key: K,
    variables: VariablesOf<K>,
    options: CallOptions = {},
  ): Promise<AnswerOf<K>> {
    const operation = operations[key];
    const {name, hash} = operation.forms[this.session.generation];
    const body = JSON.stringify({queryName: name, variables, extensions: {hash}});
    const data = await this.session.withFormKey(
      (formKey) => this.#post(name, operation.kind === 'query', body, formKey, options.signal),
      options.signal,
    );
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
    const headers = {
      'Content-Type': 'application/json',
      Origin: http.site.origin,
      Referer: http.site.href,
      'Poe-Formkey': formKey,
      ...(this.channel && {'Poe-Tchannel': this.channel}),
      'poe-tag-id': tagId(body, formKey),
    };
    const answer = await http.ask(url, {method: 'post', name, headers, body, retry, signal});
    return readEnvelope(name, url, answer);
  }
}

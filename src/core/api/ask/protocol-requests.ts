import type {StreamedResponse} from '../../http/request.js';
import type {Log} from '../../log/log.js';
import type {ModelBot} from '../../model-bot.js';
import type {CallOptions, Protocol} from '../../options.js';
import type {Api} from '../http/api.js';
import {ResponseError, unprocessedErrors} from '../http/errors.js';
import {endedEarly} from '../http/events.js';
import {anthropicAccept, anthropicBody, anthropicHeaders, anthropicPath} from '../protocols/anthropic-body.js';
import {
  completionAccept,
  completionBody,
  completionPath,
  completionProgress,
  optionalField,
} from '../protocols/completion.js';
import {eventError, nativeProgress} from '../protocols/native-reader.js';
import {firstEvent, nativeAccept, nativeBody, nativePath} from '../protocols/native.js';
import {imagesPath} from '../protocols/media-paths.js';
import type {BotQuery, ReplyProgress} from '../protocols/protocol.js';
import {optionalResponsesField, responsesAccept, responsesBody, responsesPath} from '../protocols/responses-body.js';
import {lostBeforeReply} from './bot-errors.js';
import type {Part} from './message-files.js';
import type {RejectedFields} from './rejected-fields.js';

/** A reply that has started, in any protocol. */
export interface StartedReply {
  protocol: Protocol;
  progress: AsyncIterable<ReplyProgress>;
  /** Closes the connection. @param options.hasEnded whether it may serve the next request, because the reply is complete */
  close(options?: {hasEnded?: boolean}): void;
}

export interface ProtocolOptions extends CallOptions {
  protocol: Protocol;
  /** The bot's entry in the list of bots, if it is known. */
  listed: ModelBot | undefined;
  /** Files to send inside the last message. */
  parts: readonly Part[];
}

/** Sends a query to a bot once, in one of the protocols. */
export class ProtocolRequests {
  readonly #api: Api;
  readonly #rejectedFields: RejectedFields;
  readonly #log: Log;

  constructor(api: Api, rejectedFields: RejectedFields, log: Log) {
    this.#api = api;
    this.#rejectedFields = rejectedFields;
    this.#log = log;
  }

  /** A bot that does not accept the protocol is asked by chat completions, if it has certainly not processed the query. */
  async send(query: BotQuery, options: ProtocolOptions): Promise<StartedReply> {
    const {protocol} = options;
    switch (protocol) {
      case 'native':
        return this.#sendNative(query, options);
      case 'openai':
        return this.#sendOpenai(query, options);
      case 'images':
        try {
          return await this.#sendImages(query, options);
        } catch (error) {
          // Poe's own protocol has no place for the number and the size of images.
          const isReplaceable = Object.keys(query.parameters).length === 0;
          if (!(isReplaceable && error instanceof ResponseError && rejectsProtocol(error))) throw error;
          this.#log({what: 'protocol', status: 'native, because the bot does not accept images'});
          return this.#sendNative(query, options);
        }
      case 'videos':
        // A video is a job, which `VideoJobs` starts.
        throw new TypeError('A video has no reply that arrives');
      case 'messages':
      case 'responses':
        try {
          return await (protocol === 'messages'
            ? this.#sendMessages(query, options)
            : this.#sendResponses(query, options));
        } catch (error) {
          if (!(error instanceof ResponseError && rejectsProtocol(error))) throw error;
          this.#log({what: 'protocol', status: `openai, because the bot does not accept ${protocol}`});
          return this.#sendOpenai(query, options);
        }
    }
  }

  async #sendMessages(query: BotQuery, {listed, signal}: ProtocolOptions): Promise<StartedReply> {
    const {anthropicProgress} = await import('../protocols/anthropic-reader.js');
    const body = anthropicBody(query, listed?.outputTokens ?? null);
    const response = await this.#api.post(anthropicPath, body, {
      accept: anthropicAccept,
      headers: anthropicHeaders,
      signal,
    });
    return {protocol: 'messages', progress: anthropicProgress(response), close: response.close};
  }

  async #sendResponses(query: BotQuery, {listed, signal}: ProtocolOptions): Promise<StartedReply> {
    const {responsesProgress} = await import('../protocols/responses-reader.js');
    const response = await this.#postWithoutRejected(query, optionalResponsesField, (omitted) => {
      const body = responsesBody(query, {reasons: (listed?.reasoning ?? null) !== null, omitted});
      return this.#api.post(responsesPath, body, {accept: responsesAccept, signal});
    });
    return {protocol: 'responses', progress: responsesProgress(response), close: response.close};
  }

  /** Posts again without an optional field that the bot rejects, and remembers it. */
  async #postWithoutRejected(
    query: BotQuery,
    optional: (path: string | undefined, query: BotQuery) => string | undefined,
    post: (omitted: readonly string[]) => Promise<StreamedResponse>,
  ): Promise<StreamedResponse> {
    try {
      return await post(await this.#rejectedFields.of(query.bot));
    } catch (error) {
      const field = error instanceof ResponseError ? optional(error.rejectedField, query) : undefined;
      if (field === undefined) throw error;
      await this.#rejectedFields.add(query.bot, field);
      return post(await this.#rejectedFields.of(query.bot));
    }
  }

  async #sendOpenai(query: BotQuery, {listed, parts, signal}: ProtocolOptions): Promise<StartedReply> {
    // Poe recommends not to stream from bots that generate media (OpenAI-compatible API, 2026).
    const isStreamed = listed === undefined || listed.gives.length === 0 || listed.gives.includes('text');
    const response = await this.#postWithoutRejected(query, optionalField, (omitted) => {
      const body = completionBody(query, {isStreamed, parts, omitted});
      return this.#api.post(completionPath, body, {accept: completionAccept, signal});
    });
    return {protocol: 'openai', progress: completionProgress(response), close: response.close};
  }

  /** Some gateways have only OpenAI's path. A request to a path that does not exist costs nothing. */
  async #sendImages(query: BotQuery, {signal}: ProtocolOptions): Promise<StartedReply> {
    const {imagesAccept: accept, imagesBody, imagesProgress, openaiImagesPath} = await import('../protocols/images.js');
    const body = imagesBody(query);
    const response = await this.#api.post(imagesPath, body, {accept, signal}).catch(async (error: unknown) => {
      if (!(error instanceof ResponseError && (error.status === 404 || error.status === 405))) throw error;
      return this.#api.post(openaiImagesPath, body, {accept, signal}).catch(() => {
        throw error;
      });
    });
    return {protocol: 'images', progress: imagesProgress(response), close: response.close};
  }

  async #sendNative(query: BotQuery, {signal}: ProtocolOptions): Promise<StartedReply> {
    const body = nativeBody(query);
    const response = await this.#api.post(nativePath(query.bot), body, {accept: nativeAccept, signal});
    try {
      const {events, first} = await firstEvent(response);
      if (first === undefined) throw endedEarly();
      if (first.name === 'error') throw eventError(first);
      return {protocol: 'native', progress: nativeProgress(events), close: response.close};
    } catch (error) {
      response.close();
      throw lostBeforeReply(error);
    }
  }
}

/** Whether an error says that a bot cannot be asked by this protocol, and so has not processed the query. */
function rejectsProtocol({status, type, message}: ResponseError): boolean {
  if (status === 404) return true;
  if (status === 400)
    return /does not support|not supported/i.test(message) && /responses|messages|method|endpoint/i.test(message);
  return status === 500 && unprocessedErrors.has(type);
}

import type {OperationKey, RawAnswerOf, VariablesOf} from '../../core/web/protocol/operations.js';
import type {Channel} from '../live/channel.js';
import type {SandboxSite} from '../site/site.js';
import type {Chat, Upload} from '../world/chat.js';
import type {Id} from '../../core/names/id.js';

/** The data that an answer may use in addition to the operation's variables. */
export interface AnswerContext {
  readonly site: SandboxSite;
  /** The live channel that the request names, if it is open. */
  readonly channel: Channel | undefined;
  /** The files sent with the request. */
  readonly uploads: readonly Upload[];
  /** Runs work after the HTTP response has been sent. */
  afterResponse(work: () => Promise<void>): void;
}

/** A function for each operation that returns its answer or throws a ServerError. */
export type Answers = {
  readonly [K in OperationKey]: (variables: VariablesOf<K>, context: AnswerContext) => RawAnswerOf<K>;
};

/** A failed operation. Poe gives no reason, only "Server Error". */
export class ServerError extends Error {
  override name = 'ServerError';

  constructor() {
    super('Server Error');
  }
}

/** @throws ServerError if the account has no such chat */
export function requireChat({site}: AnswerContext, chatId: Id): Chat {
  const chat = site.world.chat(chatId);
  if (!chat) throw new ServerError();
  return chat;
}

import type {OperationKey, RawAnswerOf, VariablesOf} from '../../core/web/protocol/operations.js';
import type {Channel} from '../live/channel.js';
import type {Chat, Upload} from '../world/chat.js';
import {ServerError} from '../server/errors.js';
import type {SandboxSite} from '../site/site.js';

/** What an answer may look at and do, besides its variables. */
export interface AnswerContext {
  readonly site: SandboxSite;
  /** The live channel that the request names, if it is alive. */
  readonly channel: Channel | undefined;
  /** The files that came with the request. */
  readonly uploads: readonly Upload[];
  /** Work to be done when the HTTP answer has left. */
  afterwards(work: () => Promise<void>): void;
}

/** What the site answers to each operation. Each may throw a ServerError. */
export type Answers = {
  readonly [K in OperationKey]: (variables: VariablesOf<K>, context: AnswerContext) => RawAnswerOf<K>;
};

/** @throws ServerError where the account has no such chat */
export function chatOf({site}: AnswerContext, chatId: number): Chat {
  const chat = site.world.chat(chatId);
  if (!chat) throw new ServerError();
  return chat;
}

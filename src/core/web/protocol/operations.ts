import type * as v from 'valibot';
import {accountOperations} from './operations/account.js';
import {botOperations} from './operations/bots.js';
import {chatOperations} from './operations/chats.js';
import {messageOperations} from './operations/messages.js';
import {ownBotOperations} from './operations/own-bots.js';
import type {SiteVersion, Operation, OperationVersion} from './operations/operation.js';

export type {SiteVersion, OperationVersion} from './operations/operation.js';
export {subscriptions} from './operations/subscriptions.js';

/** All operations. Sources: poe-api-rust (2025-03), poe-api-wrapper (2025-08), and clients of 2026 for the later site version. */
export const operations = {
  ...messageOperations,
  ...chatOperations,
  ...botOperations,
  ...ownBotOperations,
  ...accountOperations,
} as const satisfies Record<string, Operation>;

/** Name and hash of an operation in one site version. */
export function versionOf(key: OperationKey, siteVersion: SiteVersion): OperationVersion {
  const {versions}: Operation = operations[key];
  return {...versions['2025-03'], ...versions[siteVersion]};
}

// Object.keys returns strings; these are the keys of the object.
const keysOf = <T extends object>(rows: T) => Object.keys(rows) as (keyof T)[];

/** The operations by subject. */
export const operationGroups: Readonly<Record<string, readonly OperationKey[]>> = {
  messages: keysOf(messageOperations),
  chats: keysOf(chatOperations),
  'bots and people': keysOf(botOperations),
  'own bots': keysOf(ownBotOperations),
  'the account': keysOf(accountOperations),
};

export const operationKeys: readonly OperationKey[] = keysOf(operations);

export type OperationKey = keyof typeof operations;
export type VariablesOf<K extends OperationKey> = v.InferInput<(typeof operations)[K]['variables']>;
export type AnswerOf<K extends OperationKey> = v.InferOutput<(typeof operations)[K]['answer']>;
/** The answer as Poe sends it, before it is read. */
export type RawAnswerOf<K extends OperationKey> = v.InferInput<(typeof operations)[K]['answer']>;

import type * as v from 'valibot';
import {accountOperations} from './operations/account.js';
import {botOperations} from './operations/bots.js';
import {chatOperations} from './operations/chats.js';
import {messageOperations} from './operations/messages.js';
import type {SiteVersion, Operation, OperationVersion} from './operations/operation.js';

export type {SiteVersion, OperationVersion} from './operations/operation.js';
export {subscriptions} from './operations/subscriptions.js';

/** The table, one row an operation. Sources: poe-api-rust of 2025-03, poe-api-wrapper of 2025-08, clients of 2026 for the later form. */
export const operations = {
  ...messageOperations,
  ...chatOperations,
  ...botOperations,
  ...accountOperations,
} as const satisfies Record<string, Operation>;

/** Name and hash of an operation in a form of the site. */
export function versionOf(key: OperationKey, siteVersion: SiteVersion): OperationVersion {
  const {forms}: Operation = operations[key];
  return {...forms['2025-03'], ...forms[siteVersion]};
}

// Object.keys gives strings; these are the table's own.
const keysOf = <T extends object>(rows: T) => Object.keys(rows) as (keyof T)[];

/** The operations by what they are about. */
export const operationGroups: Readonly<Record<string, readonly OperationKey[]>> = {
  messages: keysOf(messageOperations),
  chats: keysOf(chatOperations),
  'bots and people': keysOf(botOperations),
  'the account': keysOf(accountOperations),
};

export const operationKeys: readonly OperationKey[] = keysOf(operations);

export type OperationKey = keyof typeof operations;
export type VariablesOf<K extends OperationKey> = v.InferInput<(typeof operations)[K]['variables']>;
export type AnswerOf<K extends OperationKey> = v.InferOutput<(typeof operations)[K]['answer']>;
/** What Poe sends for an operation, before it is read: the type the sandbox answers in. */
export type RawAnswerOf<K extends OperationKey> = v.InferInput<(typeof operations)[K]['answer']>;

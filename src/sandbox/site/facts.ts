import type {SiteVersion} from '../../core/web/protocol/operations.js';
import {seededHex} from '../world/seeded.js';
import {swappedPositions} from './tag-id.js';

/** How files are sent: after a part `queryInfo`, after the parts `operations` and `map`, or each one before the message. */
export type UploadMethod = 'queryInfo' | 'operations' | 'finish';

/** Where the script with the form key is: at the end of the page, in its head, or in a file of its own. */
export type KeyLocation = 'end' | 'head' | 'file';

/** Where the names of chunks that are not on the page are listed. */
export type ChunkListSource = 'manifest' | 'runtime';

/** The parts of poe.com that may change. Names and hashes of operations are in the operation table. */
export interface SiteFacts {
  readonly siteVersion: SiteVersion;
  /** The property of `window` with the function that returns the form key. */
  keyFunction: string;
  /** The property of `window` with the function that computes tag ids. */
  signatureFunction: string;
  keyLocation: KeyLocation;
  chunkListSource: ChunkListSource;
  /** Whether the page passes a seed to the decoder of the form key. */
  readonly isKeySeeded: boolean;
  /** The order in which the characters of the digest form the tag id; null for the digest itself. */
  tagPositions: readonly number[] | null;
  /** Headers without which no operation is executed. */
  requiredHeaders: readonly string[];
  /** The site's revision, if its scripts contain one. */
  readonly revision: string | null;
  /** Whether bots have a price that must be sent with each message. */
  readonly hasPrices: boolean;
  /** Whether messages name their author in the field `author`. */
  readonly hasAuthorNames: boolean;
  /** Whether chats and messages have the fields of 2026: pins, members, edits, references, citations and costs. */
  readonly hasNewFields: boolean;
  /** Whether the home page contains the data of a live channel. */
  readonly hasChannelOnPage: boolean;
  uploadMethod: UploadMethod;
  /** Whether the parameters of bots are an object instead of JSON text. */
  takesParametersAsObject: boolean;
  /** Names of fields that responses do not have. */
  removedFields: readonly string[];
  /** The variables of a send. */
  sendVariables: readonly string[];
}

const commonVariables = [
  'chatId',
  'bot',
  'query',
  'source',
  'clientNonce',
  'sdid',
  'attachments',
  'existingMessageAttachmentsIds',
  'shouldFetchChat',
];

/** Variables that a send has since 2026. */
const newVariables = ['chatNonce', 'referencedMessageId', 'parameters', 'fileHashJwts', 'isTemporary'] as const;
export type NewVariable = (typeof newVariables)[number];

const commonFacts = {
  keyFunction: 'ereNdsRqhp2Rd3LEW',
  signatureFunction: 'bR8qjbJA8tZobI7Iu',
  keyLocation: 'end',
  chunkListSource: 'manifest',
  takesParametersAsObject: false,
} as const;

export const siteFacts: Readonly<Record<SiteVersion, Readonly<SiteFacts>>> = {
  '2025-03': {
    ...commonFacts,
    siteVersion: '2025-03',
    isKeySeeded: false,
    tagPositions: null,
    requiredHeaders: [],
    revision: null,
    hasPrices: true,
    hasAuthorNames: true,
    hasNewFields: false,
    hasChannelOnPage: false,
    uploadMethod: 'queryInfo',
    removedFields: ['customUIDefinition', 'submitMessageParamsAsDict'],
    sendVariables: [...commonVariables, 'messagePointsDisplayPrice'],
  },
  '2026-08': {
    ...commonFacts,
    siteVersion: '2026-08',
    isKeySeeded: true,
    tagPositions: swappedPositions(20, 24),
    requiredHeaders: ['poe-queryname', 'poegraphql', 'poe-revision'],
    revision: seededHex('revision') + seededHex('its tail').slice(0, 8),
    hasPrices: false,
    hasAuthorNames: false,
    hasNewFields: true,
    hasChannelOnPage: true,
    uploadMethod: 'operations',
    removedFields: ['displayMessagePointPrice'],
    sendVariables: [...commonVariables, ...newVariables],
  },
};

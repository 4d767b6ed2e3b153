import type {SiteVersion} from '../../core/web/protocol/operations.js';
import {seededHex, seededName} from '../world/seeded.js';

/** How files go along with a message: after `queryInfo`, after `operations` and `map`, or ahead of it. */
export type UploadWay = 'queryInfo' | 'operations' | 'finish';

/** Where the script is that hides the form key: at the page's end, in its head, or in a file of its own. */
export type KeyPlace = 'end' | 'head' | 'file';

/** What names the chunks that the page does not: the build manifest, or the webpack runtime by its function alone. */
export type ChunkList = 'manifest' | 'runtime';

/** What differs between the forms of poe.com, apart from the names and hashes in the table of operations. */
export interface SiteForm {
  readonly siteVersion: SiteVersion;
  /** The property of `window` that holds the function which gives the form key. */
  readonly keyFunction: string;
  /** Which character of the digest stands at each place of the tag id; null where it is the plain digest. */
  readonly tagPlaces: readonly number[] | null;
  /** Headers without which nothing is answered. */
  readonly requiredHeaders: readonly string[];
  /** The site's revision, where its scripts tell one. */
  readonly revision: string | null;
  /** Whether the page calls the decoder of the form key with a seed. */
  readonly isSeeded: boolean;
  /** Whether bots have a price that a send has to name. */
  readonly hasPrices: boolean;
  /** Whether the page names a live channel. */
  readonly namesChannel: boolean;
  readonly upload: UploadWay;
  /** Fields that the site no longer has. */
  readonly lacks: readonly string[];
}

export const forms: Readonly<Record<SiteVersion, SiteForm>> = {
  '2025-03': {
    siteVersion: '2025-03',
    keyFunction: 'ereNdsRqhp2Rd3LEW',
    tagPlaces: null,
    requiredHeaders: [],
    revision: null,
    isSeeded: false,
    hasPrices: true,
    namesChannel: false,
    upload: 'queryInfo',
    lacks: [],
  },
  '2026-08': {
    siteVersion: '2026-08',
    keyFunction: 'ereNdsRqhp2Rd3LEW',
    tagPlaces: exchanged(20, 24),
    requiredHeaders: ['poe-queryname', 'poegraphql', 'poe-revision'],
    revision: seededHex('revision') + seededHex('its tail').slice(0, 8),
    isSeeded: true,
    hasPrices: false,
    namesChannel: true,
    upload: 'operations',
    lacks: ['displayMessagePointPrice'],
  },
};

const always = [
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

/** Variables that a message has since 2026. */
const newer = ['chatNonce', 'referencedMessageId', 'parameters', 'fileHashJwts', 'isTemporary'] as const;
export type NewerVariable = (typeof newer)[number];

const sendTakes: Readonly<Record<SiteVersion, readonly string[]>> = {
  '2025-03': [...always, 'messagePointsDisplayPrice'],
  '2026-08': [...always, ...newer],
};

/** The form of the site at this moment: tests change it while it runs. */
export class Rules {
  tagPlaces: readonly number[] | null;
  requiredHeaders: readonly string[];
  upload: UploadWay;
  lacks: readonly string[];
  keyFunction: string;
  signatureFunction = 'bR8qjbJA8tZobI7Iu';
  keyPlace: KeyPlace = 'end';
  chunkList: ChunkList = 'manifest';
  /** The variables of a message. */
  sendTakes: readonly string[];
  #turn = 1;

  constructor({siteVersion, tagPlaces, requiredHeaders, upload, lacks, keyFunction}: SiteForm) {
    this.sendTakes = sendTakes[siteVersion];
    this.tagPlaces = tagPlaces;
    this.requiredHeaders = requiredHeaders;
    this.upload = upload;
    this.lacks = lacks;
    this.keyFunction = keyFunction;
  }

  /** The functions of the page's scripts get other names. */
  rename(): void {
    this.#turn += 1;
    this.keyFunction = seededName(`key function ${this.#turn}`, 17);
    this.signatureFunction = seededName(`signature function ${this.#turn}`, 17);
  }
}

/** 32 places in order, but for two. */
export function exchanged(one: number, other: number): number[] {
  return Array.from({length: 32}, (_, place) => (place === one ? other : place === other ? one : place));
}

import * as v from 'valibot';
import {
  versionOf,
  type SiteVersion,
  type OperationVersion,
  type OperationKey,
  operationKeys,
  subscriptions,
} from './operations.js';
import type {TagRecipe} from './tag.js';

/** How files are sent: as parts after `queryInfo`, as parts after `operations` and `map`, or one by one before the message. */
export type UploadFormat = 'queryInfo' | 'operations' | 'finish';

/** The parts of poe.com's protocol that may change from one month to the next. Every request is built from these. */
export interface SiteFacts {
  /** The known version that the site resembles most. */
  siteVersion: SiteVersion;
  /** The site's git revision, for the header `poe-revision`; null if unknown. */
  revision: string | null;
  tag: TagRecipe;
  /** Whether requests have the headers `poe-queryname`, `poegraphql` and `poe-revision`. */
  namesOperations: boolean;
  /** @internal */
  operations: Readonly<Record<OperationKey, OperationVersion>>;
  subscriptions: readonly OperationVersion[];
  upload: UploadFormat;
  /** The version whose variables `sendMessage` uses. */
  send: SiteVersion;
  /** The subset of these variables that the site's scripts declare; null if unknown. */
  takes: readonly string[] | null;
}

/** The salt in every client from 2024-06 to 2026-08. */
const salt = '4LxgHM6KpFqokX0Ox';

/** The places of a digest, with two of them swapped. */
function swapped(one: number, other: number): number[] {
  const places = Array.from({length: 32}, (_, place) => place);
  places[one] = other;
  places[other] = one;
  return places;
}

/** Newest first. */
export const siteVersions = ['2026-08', '2025-03'] as const satisfies SiteVersion[];

/** The facts that this program ships with, for one site version. */
export function builtIn(siteVersion: SiteVersion): SiteFacts {
  const isOld = siteVersion === '2025-03';
  return {
    siteVersion,
    // The revision of 2026-08. The header must exist, but in 2026-09 the site did not check its value.
    revision: isOld ? null : '118ed515209a69eb123c780f0365b39d6fae9c1b',
    tag: {parts: ['body', 'key', {salt}], places: isOld ? null : swapped(20, 24)},
    namesOperations: !isOld,
    operations: operationsOf(siteVersion),
    subscriptions: subscriptions[siteVersion],
    upload: isOld ? 'queryInfo' : 'operations',
    send: siteVersion,
    takes: null,
  };
}

// Object.fromEntries returns a record of strings; its keys are those of the table.
const operationsOf = (siteVersion: SiteVersion) =>
  Object.fromEntries(operationKeys.map((key) => [key, versionOf(key, siteVersion)])) as Record<
    OperationKey,
    OperationVersion
  >;

const text = v.pipe(v.string(), v.regex(/^[\w.-]{1,200}$/));
const Version = v.object({name: text, hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))});
const siteVersion = v.picklist(siteVersions);
const place = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(31));

/** Facts as they are stored. Everything but the site version may be missing. */
const StoredFacts = v.object({
  siteVersion: v.optional(siteVersion),
  /** The former name of `siteVersion`. */
  generation: v.optional(siteVersion),
  revision: v.optional(v.nullable(text)),
  tag: v.optional(
    v.object({
      parts: v.array(v.union([v.picklist(['body', 'key']), v.object({salt: v.string()})])),
      places: v.nullable(v.array(place)),
    }),
  ),
  namesOperations: v.optional(v.boolean()),
  operations: v.optional(v.record(v.string(), Version), {}),
  subscriptions: v.optional(v.array(Version)),
  upload: v.optional(v.picklist(['queryInfo', 'operations', 'finish'])),
  send: v.optional(siteVersion),
  takes: v.optional(v.nullable(v.array(text))),
});

/** Reads stored facts; missing ones are those of their site version. Undefined if `stored` is not a set of facts. */
export function readFacts(stored: unknown): SiteFacts | undefined {
  const parsed = v.safeParse(StoredFacts, stored);
  if (!parsed.success) return undefined;
  const {operations, generation, siteVersion = generation, ...facts} = parsed.output;
  if (siteVersion === undefined) return undefined;
  const base = builtIn(siteVersion);
  const known = operationKeys.flatMap((key) => (operations[key] ? [[key, operations[key]] as const] : []));
  return {...base, ...facts, siteVersion, operations: {...base.operations, ...Object.fromEntries(known)}};
}

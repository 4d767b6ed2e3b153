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

/** How files go along with a message: as parts after `queryInfo`, as parts after `operations` and `map`, or ahead one by one. */
export type UploadFormat = 'queryInfo' | 'operations' | 'finish';

/** What may change about poe.com from one month to the next. Everything that is asked of it is made by these. */
export interface SiteFacts {
  /** The form of the site that is nearest. */
  siteVersion: SiteVersion;
  /** The site's own revision, which it wants to be told; null where that is not known. */
  revision: string | null;
  tag: TagRecipe;
  /** Whether each request names its operation and the site's revision. */
  namesOperations: boolean;
  operations: Readonly<Record<OperationKey, OperationVersion>>;
  subscriptions: readonly OperationVersion[];
  upload: UploadFormat;
  /** Which variables a message is sent with. */
  send: SiteVersion;
  /** Of these, the ones that the site's scripts say it takes; null where they say nothing. */
  takes: readonly string[] | null;
}

/** The salt of every client from 2024-06 to 2026-08. */
const salt = '4LxgHM6KpFqokX0Ox';

/** The digest as it is, but for two characters that change places. */
function swapped(one: number, other: number): number[] {
  const places = Array.from({length: 32}, (_, place) => place);
  places[one] = other;
  places[other] = one;
  return places;
}

/** The newest first. */
export const siteVersions = ['2026-08', '2025-03'] as const satisfies SiteVersion[];

/** What is known of a form of the site without asking it. */
export function builtIn(siteVersion: SiteVersion): SiteFacts {
  const isOld = siteVersion === '2025-03';
  return {
    siteVersion: siteVersion,
    // Of 2026-08. That there is one matters to the site; which one, did not in 2026-09.
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

// fromEntries gives a record of strings; its keys are the table's own.
const operationsOf = (siteVersion: SiteVersion) =>
  Object.fromEntries(operationKeys.map((key) => [key, versionOf(key, siteVersion)])) as Record<
    OperationKey,
    OperationVersion
  >;

const text = v.pipe(v.string(), v.regex(/^[\w.-]{1,200}$/));
const Form = v.object({name: text, hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))});
const siteVersion = v.picklist(siteVersions);
const place = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(31));

const Written = v.object({
  siteVersion,
  revision: v.optional(v.nullable(text)),
  tag: v.optional(
    v.object({
      parts: v.array(v.union([v.picklist(['body', 'key']), v.object({salt: v.string()})])),
      places: v.nullable(v.array(place)),
    }),
  ),
  namesOperations: v.optional(v.boolean()),
  operations: v.optional(v.record(v.string(), Form), {}),
  subscriptions: v.optional(v.array(Form)),
  upload: v.optional(v.picklist(['queryInfo', 'operations', 'finish'])),
  send: v.optional(siteVersion),
  takes: v.optional(v.nullable(v.array(text))),
});

/** Reads facts that were written down; what they leave out is as in their form of the site. Undefined where they are none. */
export function readFacts(written: unknown): SiteFacts | undefined {
  const parsed = v.safeParse(Written, written);
  if (!parsed.success) return undefined;
  const {operations, ...facts} = parsed.output;
  const base = builtIn(facts.siteVersion);
  const known = operationKeys.flatMap((key) => (operations[key] ? [[key, operations[key]] as const] : []));
  return {...base, ...facts, operations: {...base.operations, ...Object.fromEntries(known)}};
}

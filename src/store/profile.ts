import * as v from 'valibot';
import type {FoundFacts, FoundFormKey, WebTokens as Tokens} from '../core/web/session/session.js';

export type {Tokens};

/** What is kept of one account. */
export interface Profile {
  tokens?: Tokens;
  /** The address of the site that the tokens are for. */
  site?: string;
  /** The key of Poe's API, and the address that it is for. */
  apiKey?: string;
  apiSite?: string;
  /** When the key ends, ISO 8601; and whose client signed in for it. */
  apiKeyExpires?: string;
  clientId?: string;
  /** The bot that the API is to ask where none is named: it knows of no default itself. */
  apiBot?: string;
  uid?: number;
  email?: string;
  foundFormKey?: FoundFormKey;
  foundFacts?: FoundFacts;
}

/** Reads what was kept: parts of another shape are left out, fields this version does not know pass. */
export function parseProfile(kept: unknown): Profile {
  const parsed = v.safeParse(ProfilePart, kept);
  return parsed.success ? parsed.output : {};
}

const maybe = <const S extends v.GenericSchema>(part: S) => v.fallback(v.optional(part), undefined);
const text = v.string();

const TokensPart: v.GenericSchema<unknown, Tokens> = v.looseObject({
  pB: text,
  pLat: text,
  formKey: maybe(text),
  cfClearance: maybe(text),
  cfBm: maybe(text),
  userAgent: maybe(text),
});

const FoundFormKeyPart: v.GenericSchema<unknown, FoundFormKey> = v.looseObject({
  key: text,
  baseUrl: text,
  account: text,
  foundAt: text,
});

const FoundFactsPart: v.GenericSchema<unknown, FoundFacts> = v.looseObject({
  facts: v.unknown(),
  baseUrl: text,
  foundAt: text,
  hashesAt: maybe(text),
});

const ProfilePart: v.GenericSchema<unknown, Profile> = v.looseObject({
  tokens: maybe(TokensPart),
  site: maybe(text),
  apiKey: maybe(text),
  apiSite: maybe(text),
  apiKeyExpires: maybe(text),
  clientId: maybe(text),
  apiBot: maybe(text),
  uid: maybe(v.number()),
  email: maybe(text),
  foundFormKey: maybe(FoundFormKeyPart),
  foundFacts: maybe(FoundFactsPart),
});

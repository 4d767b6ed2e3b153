import * as v from 'valibot';
import type {FoundFacts, FoundFormKey, WebTokens as Tokens} from '../core/web/session/session.js';
import type {Id} from '../core/names/id.js';
import {StoredId} from './stored-chat.js';

export type {Tokens};

/** The saved settings of an account. */
export interface Profile {
  tokens?: Tokens;
  /** The site that the tokens are for. */
  site?: string;
  /** An API key. */
  apiKey?: string;
  /** The API that the key is for. */
  apiSite?: string;
  /** When the key expires. ISO 8601. */
  apiKeyExpires?: string;
  /** The OAuth client that obtained the key. */
  clientId?: string;
  /** The default bot for the API, which has no such setting. */
  apiBot?: string;
  uid?: Id;
  email?: string;
  foundFormKey?: FoundFormKey;
  foundFacts?: FoundFacts;
}

/** Parses a stored profile. Parts of a wrong type are dropped; unknown fields are preserved for later versions. */
export function parseProfile(stored: unknown): Profile {
  const parsed = v.safeParse(ProfilePart, stored);
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
  uid: maybe(StoredId),
  email: maybe(text),
  foundFormKey: maybe(FoundFormKeyPart),
  foundFacts: maybe(FoundFactsPart),
});

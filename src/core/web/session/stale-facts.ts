import {PoeError} from '../../errors.js';
import {builtIn, type SiteFacts, siteVersions} from '../protocol/facts.js';
import type {OperationKey} from '../protocol/operations.js';
import type {StaleFact, StaleFactError} from '../protocol/stale-fact.js';
import {isSameOperation, isSameRequest, type RequestCredentials, uploadFormat} from './credentials.js';
import type {FactSource} from './fact-source.js';

/** A request that Poe rejected because of a fact. */
export interface Rejection {
  error: StaleFactError;
  operation: OperationKey;
  /** The credentials that the request was made with. */
  credentials: RequestCredentials;
}

/** How one kind of fact is refreshed when Poe rejects it, and when to give up. */
interface FactRule {
  /** Whether two sets of credentials agree in this fact. */
  isSame(one: RequestCredentials, other: RequestCredentials, operation: OperationKey): boolean;
  /** Reads the fact again. @returns undefined if there is nothing else to try @throws PoeError */
  refresh(
    source: FactSource,
    rejection: Rejection,
    current: RequestCredentials,
    signal?: AbortSignal,
  ): Promise<RequestCredentials | undefined>;
  /** The error if the refreshed fact is the one that Poe rejected. */
  unchanged(rejection: Rejection, source: FactSource): PoeError;
  /** The error if Poe rejects the refreshed fact too. */
  rejectedAgain(rejection: Rejection, source: FactSource): PoeError;
  /** Whether to return to the rejected fact then, so that the next request starts from it. */
  restores: boolean;
}

export const factRules: Record<StaleFact, FactRule> = {
  request: {
    isSame: isSameRequest,
    async refresh(source, {credentials}, current, signal) {
      return {...current, ...(await source.refreshRequest(credentials, signal))};
    },
    unchanged: (rejection, source) =>
      source.hasUserKey ? keyRejected(rejection) : unresolved(rejection, 'unchanged on the site: '),
    rejectedAgain: (rejection, source) =>
      source.hasUserKey ? keyRejected(rejection) : unresolved(rejection, 'after refreshing '),
    restores: true,
  },
  upload: {
    isSame: (one, other) => uploadFormat(one) === uploadFormat(other),
    refresh: async (_source, {credentials}) => withOtherFormat(credentials),
    unchanged: (rejection) => unresolved(rejection, 'unchanged on the site: '),
    rejectedAgain: (rejection) => unresolved(rejection, 'after refreshing '),
    restores: true,
  },
  hash: {
    isSame: ({facts: one}, {facts: other}, operation) => isSameOperation(one, other, operation),
    async refresh(source, {credentials, operation}, current, signal) {
      const facts = await source.refreshHashes(current.facts, operation, signal);
      if (facts && !isSameOperation(facts, credentials.facts, operation)) return {...current, facts};
      const other = siteVersions.map(builtIn).find((known) => !isSameOperation(known, credentials.facts, operation));
      return other && {...current, facts: withOperation(current.facts, other, operation)};
    },
    unchanged: (rejection) => unresolved(rejection, 'not found on the site: '),
    rejectedAgain: (rejection) => unresolved(rejection, 'after refreshing '),
    restores: true,
  },
  // Poe gives the same error for things that do not exist, so the hashes are not read again each time.
  variables: {
    isSame: ({facts: one}, {facts: other}, operation) => isSameOperation(one, other, operation),
    async refresh(source, {operation}, current, signal) {
      if (source.hasRecentHashes) return undefined;
      const facts = await source.refreshHashes(current.facts, operation, signal);
      return facts && {...current, facts};
    },
    unchanged: ({error}) => error,
    rejectedAgain: ({error}) => error,
    restores: false,
  },
};

function withOtherFormat({uploadsFirst, facts, formKey}: RequestCredentials): RequestCredentials {
  if (uploadsFirst && facts.upload !== 'finish') return {formKey, facts, uploadsFirst: false};
  const upload = facts.upload === 'operations' ? 'queryInfo' : 'operations';
  return {formKey, facts: {...facts, upload}, uploadsFirst: false};
}

/** The facts with one operation, and what belongs to it, of another site version. */
function withOperation(facts: SiteFacts, other: SiteFacts, operation: OperationKey): SiteFacts {
  const operations = {...facts.operations, [operation]: other.operations[operation]};
  const {send, takes} = operation === 'sendMessage' || operation === 'retryMessage' ? other : facts;
  const {subscriptions} = operation === 'subscribe' ? other : facts;
  return {...facts, operations, send, takes, subscriptions};
}

const names: Record<StaleFact, string> = {
  request: 'the form key, tag and headers',
  upload: 'the upload format',
  hash: 'the hash',
  variables: 'the hash and variables',
};

function unresolved({error, operation, credentials}: Rejection, outcome: string): PoeError {
  const {name} = credentials.facts.operations[operation];
  const detail = `${outcome}${names[error.fact]} of ${name}`;
  return new PoeError(error.code, `${error.message} (${detail})`, {remedy: 'check_site', cause: error});
}

const keyRejected = ({error}: Rejection) =>
  new PoeError('bad_form_key', 'Poe rejected the form key that you provided', {remedy: 'drop_form_key', cause: error});

import {PoeError} from '../../errors.js';
import type {StaleFact, StaleFactError} from '../protocol/stale-fact.js';

const names: Record<StaleFact, string> = {
  hash: 'the hash',
  variables: 'the hash and variables',
  request: 'the form key, tag and headers',
  upload: 'the upload format',
};

/** Poe also rejected the request with the refreshed fact. */
export const rejectedTwice = (operation: string, rejection: StaleFactError) =>
  unresolved(rejection, `after refreshing ${names[rejection.fact]} of ${operation}`);

/** The site still has the fact that Poe rejected. */
export const unchangedOnSite = (operation: string, rejection: StaleFactError) =>
  unresolved(rejection, `unchanged on the site: ${names[rejection.fact]} of ${operation}`);

/** The site does not show the fact that Poe rejected. */
export const notFoundOnSite = (operation: string, rejection: StaleFactError) =>
  unresolved(rejection, `not found on the site: ${names[rejection.fact]} of ${operation}`);

/** Poe rejected the form key that the caller gave. */
export const givenKeyRejected = (rejection: StaleFactError) =>
  new PoeError('bad_form_key', 'Poe rejected the given form key', {remedy: 'drop_form_key', cause: rejection});

const unresolved = (rejection: StaleFactError, detail: string) =>
  new PoeError(rejection.code, `${rejection.message} (${detail})`, {remedy: 'check_site', cause: rejection});

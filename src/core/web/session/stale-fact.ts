import {PoeError} from '../../errors.js';
import type {StaleFact, StaleFactError} from '../protocol/stale-fact.js';

const doctor = 'See what has changed with: poe doctor. There may be a newer version of poe.';

const facts: Record<StaleFact, string> = {
  hash: 'its hash',
  variables: 'its hash or its variables',
  request: 'the form key, the tag or the headers',
  upload: 'the upload format',
};

/** The suspect fact was found anew, and Poe refused it again. */
export const rejectedTwice = (operation: string, refusal: StaleFactError) =>
  new PoeError(refusal.code, `${refusal.message}; ${facts[refusal.fact]} (${operation}) had just been read anew`, {
    hint: doctor,
    cause: refusal,
  });

/** The site was read anew, and tells what was known already. */
export const unchangedOnSite = (operation: string, refusal: StaleFactError) =>
  new PoeError(refusal.code, `${refusal.message}; ${facts[refusal.fact]} (${operation}) are as the site tells them`, {
    hint: doctor,
    cause: refusal,
  });

/** Poe refuses what was asked with a form key that the user gave, and nothing else about it could be mended. */
export const givenKeyRejected = (refusal: StaleFactError) =>
  new PoeError('bad_form_key', 'Poe does not take the form key that was given', {
    hint: 'Leave the form key out (--formkey, POE_FORMKEY, or log in again): poe finds it by itself.',
    cause: refusal,
  });

/** The suspect fact could not be found anew. */
export const notFoundOnSite = (operation: string, refusal: StaleFactError) =>
  new PoeError(refusal.code, `${refusal.message}; ${facts[refusal.fact]} (${operation}) could not be found anew`, {
    hint: doctor,
    cause: refusal,
  });

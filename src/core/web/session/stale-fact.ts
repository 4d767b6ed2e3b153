import {PoeError} from '../../errors.js';

/**
 * Which fact about the site a refusal makes suspect: the operation's hash; its hash or its variables (or nothing: Poe says the
 * same of what does not exist); what every request is made by (key, headers, tag); the form of an upload.
 */
export type Suspect = 'hash' | 'variables' | 'request' | 'form';

/** Poe refused a request before it did anything, perhaps because something about the site has changed. */
export class SuspectError extends PoeError {
  readonly suspect: Suspect;

  constructor(suspect: Suspect, {code, message, hint, cause}: PoeError) {
    super(code, message, {hint, cause});
    this.suspect = suspect;
  }
}

const doctor = 'See what has changed with: poe doctor. There may be a newer version of poe.';

const facts: Record<Suspect, string> = {
  hash: 'its hash',
  variables: 'its hash or its variables',
  request: 'the form key, the tag or the headers',
  form: 'the form of the upload',
};

/** The suspect fact was found anew, and Poe refused it again. */
export const refusedTwice = (operation: string, refusal: SuspectError) =>
  new PoeError(refusal.code, `${refusal.message}; ${facts[refusal.suspect]} (${operation}) had just been read anew`, {
    hint: doctor,
    cause: refusal,
  });

/** The site was read anew, and tells what was known already. */
export const foundAsBefore = (operation: string, refusal: SuspectError) =>
  new PoeError(
    refusal.code,
    `${refusal.message}; ${facts[refusal.suspect]} (${operation}) are as the site tells them`,
    {
      hint: doctor,
      cause: refusal,
    },
  );

/** Poe refuses what was asked with a form key that the user gave, and nothing else about it could be mended. */
export const givenKeyRefused = (refusal: SuspectError) =>
  new PoeError('bad_form_key', 'Poe does not take the form key that was given', {
    hint: 'Leave the form key out (--formkey, POE_FORMKEY, or log in again): poe finds it by itself.',
    cause: refusal,
  });

/** The suspect fact could not be found anew. */
export const notFoundAnew = (operation: string, refusal: SuspectError) =>
  new PoeError(refusal.code, `${refusal.message}; ${facts[refusal.suspect]} (${operation}) could not be found anew`, {
    hint: doctor,
    cause: refusal,
  });

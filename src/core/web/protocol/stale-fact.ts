import {PoeError} from '../../errors.js';

/**
 * The fact about the site that a rejected request makes doubtful:
 * - `hash`: the operation's hash
 * - `variables`: the operation's hash or its variables; or none, because Poe gives the same answer for things that do not exist
 * - `request`: what every request carries: form key, headers, tag id
 * - `upload`: the upload format
 */
export type StaleFact = 'hash' | 'variables' | 'request' | 'upload';

/** Poe rejected a request before it did anything, perhaps because a fact about the site has changed. */
export class StaleFactError extends PoeError {
  readonly fact: StaleFact;

  constructor(fact: StaleFact, {code, message, hint, cause, facts}: PoeError) {
    super(code, message, {hint, cause, ...facts});
    this.fact = fact;
  }
}

import type {Generation} from '../core/web/operations.js';

/** What differs between the forms of poe.com, apart from the names and hashes in the table of operations. */
export interface SiteForm {
  readonly generation: Generation;
  /** The property of `window` that holds the function which gives the form key. */
  readonly keyFunction: string;
  /** Two places of the tag id whose characters change places after the digest; null where it is the plain digest. */
  readonly tagSwap: readonly [number, number] | null;
}

export const forms: Readonly<Record<Generation, SiteForm>> = {
  '2025-03': {generation: '2025-03', keyFunction: 'ereNdsRqhp2Rd3LEW', tagSwap: null},
};

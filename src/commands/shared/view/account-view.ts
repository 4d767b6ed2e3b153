import type {Identity} from '../../../core/account.js';

/** Shows the account in use, without secrets. */
export interface AccountView extends Identity {
  profile: string;
}

export const accountLine = ({profile, method, uid, email, handle, name}: AccountView): string =>
  method === 'web'
    ? `Logged in as ${email ?? `user ${uid}`} with a browser session (profile ${profile})`
    : `Logged in${asWhom([name, handle && `@${handle}`, email])} with an API key (profile ${profile})`;

function asWhom(names: readonly (string | null | undefined)[]): string {
  const [first, second] = names.filter(Boolean);
  if (!first) return '';
  return second ? ` as ${first} (${second})` : ` as ${first}`;
}

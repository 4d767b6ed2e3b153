import type {Identity} from '../../core/account.js';

/** Shows the account in use, without secrets. */
export interface AccountView extends Identity {
  profile: string;
}

export const accountLine = ({profile, method, uid, email}: AccountView): string =>
  method === 'web'
    ? `Logged in as ${email ?? `user ${uid}`} with a browser session (profile ${profile})`
    : `Logged in${email === null ? '' : ` as ${email}`} with an API key (profile ${profile})`;

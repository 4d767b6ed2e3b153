import type {Settings} from '../../core/model.js';
import type {Balance} from '../../core/account.js';

/** Who one is; never a secret. */
export interface AccountView {
  profile: string;
  method: 'web' | 'api-key';
  /** Null for an API key: Poe does not tell whose it is. */
  uid: number | null;
  email: string | null;
}

export const account = (profile: string, {uid, primaryEmail}: Settings): AccountView => ({
  profile,
  method: 'web',
  uid,
  email: primaryEmail,
});

export const keyAccount = (profile: string, {email}: Balance): AccountView => ({
  profile,
  method: 'api-key',
  uid: null,
  email,
});

export const accountLine = ({profile, method, uid, email}: AccountView): string =>
  method === 'web'
    ? `Logged in as ${email ?? `user ${uid}`} (profile ${profile}, with a browser's session)`
    : `Logged in${email === null ? '' : ` as ${email}`} with an API key (profile ${profile})`;

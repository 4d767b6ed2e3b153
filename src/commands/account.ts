import type {Settings} from '../core/model.js';

/** Who one is; never a secret. */
export interface AccountView {
  profile: string;
  method: 'web';
  uid: number;
  email: string | null;
}

export const account = (profile: string, {uid, primaryEmail}: Settings): AccountView => ({
  profile,
  method: 'web',
  uid,
  email: primaryEmail,
});

export const accountLine = ({profile, uid, email}: AccountView): string =>
  `Logged in as ${email ?? `user ${uid}`} (profile ${profile}, with a browser's session)`;

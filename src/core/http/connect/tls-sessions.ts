/**
 * Stores TLS sessions, so that a later connection to the same server can resume one instead of checking its certificate again.
 * A session is a secret: who knows it can pose as the server. A server that no longer accepts a session starts a new one.
 */
export interface TlsSessionStore {
  /** @param key the server, and the way to it */
  get(key: string): Buffer | undefined;
  /** Called for each new session. The last one of a server is the best. */
  set(key: string, session: Buffer): void;
}

export const noTlsSessions: TlsSessionStore = {get: () => undefined, set() {}};

let store = noTlsSessions;

/** Uses a store for all connections from now on. Without one, sessions are resumed within a process only. */
export function storeTlsSessions(next: TlsSessionStore): void {
  store = next;
}

export const tlsSessions: TlsSessionStore = {
  get: (key) => store.get(key),
  set: (key, session) => store.set(key, session),
};

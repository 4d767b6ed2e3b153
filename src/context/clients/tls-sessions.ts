import {join} from 'node:path';
import {cacheFolder} from '../../store/files/cache-folder.js';
import type {TlsSessionFile} from '../../store/caches/tls-sessions.js';
import type {Io} from '../io.js';

const pathIn = (env: Io['env']): string => join(cacheFolder(env), 'tls-sessions.json');

/** Makes all connections resume the TLS sessions that commands with this profile have stored. */
export async function resumeTlsSessions(env: Io['env'], profile: string): Promise<TlsSessionFile> {
  const [{storeTlsSessions}, {tlsSessionFile}] = await Promise.all([
    import('../../core/http/connect/tls-sessions.js'),
    import('../../store/caches/tls-sessions.js'),
  ]);
  const sessions = tlsSessionFile(pathIn(env), profile);
  storeTlsSessions(sessions);
  return sessions;
}

/** Deletes the sessions of all profiles: a server could recognize this machine by them. */
export async function forgetTlsSessions(env: Io['env']): Promise<void> {
  const {deleteOwnFile} = await import('../../store/files/own-file.js');
  deleteOwnFile(pathIn(env));
}

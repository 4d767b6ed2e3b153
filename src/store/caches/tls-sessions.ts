import {createHash} from 'node:crypto';
import {type Stats, statSync} from 'node:fs';
import process from 'node:process';
import * as v from 'valibot';
import {readOwnFile, writeOwnFile} from '../files/own-file.js';

/*
 * TLS sessions in a file that only its owner can read. A resumed session skips the check of the certificate, so a session is used
 * only as it was made: for the same profile, with the same trusted certificates.
 */

const maxBytes = 1024 * 1024;
const maxSessions = 20;
const maxAgeMs = 24 * 60 * 60 * 1000;

export interface TlsSessionFile {
  get(key: string): Buffer | undefined;
  set(key: string, session: Buffer): void;
  /** Writes new sessions, if there are any. Never throws. */
  save(): void;
}

/** Reads the file now, and writes it when it is saved. A file that others can access counts as empty. */
export function tlsSessionFile(path: string, profile: string): TlsSessionFile {
  const stored = readSessions(path);
  const added: Sessions = new Map();
  const trust = trustSettings();
  const idOf = (key: string) =>
    createHash('sha256')
      .update(JSON.stringify([profile, key, trust]))
      .digest('base64url');
  return {
    get(key) {
      const id = idOf(key);
      const found = added.get(id) ?? stored.get(id);
      return found && isFresh(found) ? Buffer.from(found.session, 'base64') : undefined;
    },
    set: (key, session) => void added.set(idOf(key), {at: Date.now(), session: session.toString('base64')}),
    save() {
      if (added.size === 0) return;
      // Read again: other processes may have written in the meantime.
      const others = [...readSessions(path)].filter(([id, session]) => !added.has(id) && isFresh(session));
      const sessions = [...added, ...others].slice(0, maxSessions);
      added.clear();
      writeOwnFile(path, JSON.stringify({sessions: Object.fromEntries(sessions)}));
    },
  };
}

interface Session {
  /** When it was made, in milliseconds since 1970. */
  at: number;
  session: string;
}

type Sessions = Map<string, Session>;

const isFresh = ({at}: Session): boolean => at <= Date.now() && Date.now() - at < maxAgeMs;

const SessionFile = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({sessions: v.record(v.string(), v.object({at: v.number(), session: v.string()}))}),
);

function readSessions(path: string): Sessions {
  const parsed = v.safeParse(SessionFile, readOwnFile(path, {maxBytes})?.toString());
  return new Map(parsed.success ? Object.entries(parsed.output.sessions) : []);
}

/** Everything that decides which certificates Node trusts. */
function trustSettings(): unknown {
  const {NODE_EXTRA_CA_CERTS: extra, NODE_OPTIONS, SSL_CERT_FILE, SSL_CERT_DIR} = process.env;
  const stats = extra ? statsOf(extra) : undefined;
  const version = stats && [stats.ino, stats.size, stats.mtimeMs];
  return [process.version, process.execArgv, NODE_OPTIONS, SSL_CERT_FILE, SSL_CERT_DIR, extra, version];
}

/** Node has warned about a file that it could not read. */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

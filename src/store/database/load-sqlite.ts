import process from 'node:process';
import {PoeError} from '../../core/errors.js';

/** A connection, as far as poe uses libsql's. */
export interface Connection {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  pragma(source: string): unknown;
  close(): void;
}

export type SqlValue = string | number | null;

/** Values are passed as an array, which libsql takes as it is. It copies several arguments. */
export interface Statement {
  all(values: readonly SqlValue[]): unknown[];
  run(values: readonly SqlValue[]): {changes: number};
}

type OpenConnection = (path: string, options: {timeout: number}) => Connection;

/**
 * Loads SQLite, which is an optional package with a binary for each platform.
 * @throws PoeError `store` if there is none for this platform, or it was not installed
 */
export async function loadSqlite(): Promise<OpenConnection> {
  try {
    const {default: Database} = await import('libsql');
    return (path, options) => new Database(path, options);
  } catch (error) {
    throw new PoeError('store', `SQLite is not available on this system (${process.platform}-${process.arch})`, {
      hint: 'It is the optional npm package libsql. Install poe again without --omit=optional, or use a supported platform: Linux, macOS or Windows on x64, Linux or macOS on ARM.',
      cause: error,
    });
  }
}

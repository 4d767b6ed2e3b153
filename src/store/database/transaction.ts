import type {Connection} from './load-sqlite.js';

/** Does several changes as one. */
export function inTransaction<T>(connection: Connection, work: () => T): T {
  begin(connection);
  let result: T;
  try {
    result = work();
  } catch (error) {
    rollBack(connection);
    throw error;
  }
  commit(connection);
  return result;
}

/** Takes the write lock, so that what is read in the transaction is still true when it writes. */
export function begin(connection: Connection): void {
  connection.exec('BEGIN IMMEDIATE');
}

export function commit(connection: Connection): void {
  try {
    connection.exec('COMMIT');
  } catch (error) {
    rollBack(connection);
    throw error;
  }
}

export function rollBack(connection: Connection): void {
  try {
    connection.exec('ROLLBACK');
  } catch {
    // SQLite has rolled back by itself, for example because the disk is full.
  }
}

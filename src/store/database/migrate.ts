import {PoeError} from '../../core/errors.js';
import {inTransaction} from './transaction.js';
import type {Connection} from './load-sqlite.js';

/**
 * Brings the tables of a database up to date, all or nothing. Several processes may do it at the same time.
 * @param migrations the SQL of each version, the first one for an empty file. Only add to them: never change one that was released
 * @throws PoeError `store` if the file is from a newer version of poe
 */
export function migrate(connection: Connection, migrations: readonly string[], path: string): void {
  if (versionOf(connection) === migrations.length) return;
  inTransaction(connection, () => {
    // Another process may have migrated it meanwhile.
    const version = versionOf(connection);
    if (version > migrations.length) {
      throw new PoeError('store', `${path} was written by a newer version of poe`, {hint: 'Update poe.'});
    }
    for (const sql of migrations.slice(version)) connection.exec(sql);
    connection.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}

function versionOf(connection: Connection): number {
  const [row] = connection.prepare('SELECT user_version AS version FROM pragma_user_version').all([]);
  return typeof row === 'object' && row !== null && 'version' in row ? Number(row.version) : 0;
}

import {accessSync, closeSync, constants, existsSync, openSync} from 'node:fs';
import {dirname} from 'node:path';
import * as v from 'valibot';
import {PoeError} from '../../core/errors.js';
import {attempt, toStoreError} from '../files/errors.js';
import {makePrivateFolder} from '../files/folder.js';
import {checkOpenFiles} from './check-open-files.js';
import {type Connection, loadSqlite, type SqlValue, type Statement} from './load-sqlite.js';
import {migrate} from './migrate.js';
import {isMarkedDamaged, markDamaged, setAside} from './set-aside.js';
import {isDamaged, toDatabaseError} from './sqlite-errors.js';
import {begin, commit, inTransaction, rollBack} from './transaction.js';

/** How long to wait for another process that writes. */
const maxWaitMs = 5_000;

interface DatabaseOptions {
  /** The path of the file, or `:memory:` for one that is lost when it is closed. */
  path: string;
  /** See `migrate`. */
  migrations: readonly string[];
  /** Called with the new path of a damaged file, in whose place an empty one was created. */
  onDamaged: (path: string) => void;
}

/**
 * An SQLite database that only its owner can read. Several processes may use it at the same time, and a process that is killed leaves
 * no half of a transaction. Every method throws PoeError `store`.
 */
export class Database {
  readonly #connection: Connection;
  readonly #path: string;
  /** Statements by their SQL: preparing one takes longer than running it. */
  readonly #statements = new Map<string, Statement>();
  #depth = 0;

  /** Whether this user may only read the file. Then a change fails. */
  readonly isReadOnly: boolean;

  private constructor(connection: Connection, path: string, isReadOnly: boolean) {
    this.#connection = connection;
    this.#path = path;
    this.isReadOnly = isReadOnly;
  }

  /** @throws PoeError `store` if SQLite is not available on this platform, or the file cannot be used */
  static async open({path, migrations, onDamaged}: DatabaseOptions): Promise<Database> {
    checkOpenFiles(path);
    const sqlite = await loadSqlite();
    const isReadOnly = isUnwritable(path);
    const connect = () => {
      if (path !== ':memory:' && !isReadOnly) createFile(path);
      const connection = sqlite(isReadOnly ? readOnlyUrl(path) : path, {timeout: maxWaitMs});
      try {
        if (!isReadOnly) connection.pragma('journal_mode = wal');
        connection.pragma('foreign_keys = on');
        migrate(connection, migrations, path);
        return connection;
      } catch (error) {
        connection.close();
        throw error;
      }
    };
    try {
      if (!isMarkedDamaged(path)) return new Database(connect(), path, isReadOnly);
    } catch (error) {
      if (!isDamaged(error)) throw toDatabaseError(error, path);
    }
    const target = await setAside(path, () => isMarkedDamaged(path) || fails(connect)).catch((error: unknown) => {
      throw toStoreError(error, 'replace', path);
    });
    if (target !== undefined) onDamaged(target);
    try {
      return new Database(connect(), path, isReadOnly);
    } catch (error) {
      throw toDatabaseError(error, path);
    }
  }

  /** The rows of a query. @param row their schema */
  all<const S extends v.GenericSchema>(row: S, sql: string, values: readonly SqlValue[] = []): v.InferOutput<S>[] {
    return this.#try(() => this.#statement(sql).all(values)).map((each) => v.parse(row, each));
  }

  /** The first row of a query. @param row its schema */
  first<const S extends v.GenericSchema>(
    row: S,
    sql: string,
    values: readonly SqlValue[] = [],
  ): v.InferOutput<S> | undefined {
    return this.all(row, sql, values)[0];
  }

  /** Changes rows. @returns how many were changed */
  run(sql: string, values: readonly SqlValue[] = []): number {
    return this.#try(() => this.#statement(sql).run(values).changes);
  }

  /** Does several changes as one, which no other process sees in part. A transaction inside another one is part of it. */
  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    this.#depth++;
    try {
      return this.#try(() => inTransaction(this.#connection, work));
    } finally {
      this.#depth--;
    }
  }

  /**
   * Starts a transaction for changes between which something is waited for. Other processes can read meanwhile.
   * @returns a function that ends it, and undoes everything if `isComplete` is false
   */
  begin(): (isComplete: boolean) => void {
    this.#try(() => begin(this.#connection));
    this.#depth++;
    return (isComplete) => {
      this.#depth--;
      this.#try(() => (isComplete ? commit(this.#connection) : rollBack(this.#connection)));
    };
  }

  #statement(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (!statement) this.#statements.set(sql, (statement = this.#connection.prepare(sql)));
    return statement;
  }

  /** Makes the next process that opens the file set it aside. */
  markDamaged(): void {
    if (this.#path !== ':memory:') markDamaged(this.#path);
  }

  close(): void {
    this.#try(() => this.#connection.close());
  }

  #try<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof PoeError || error instanceof v.ValiError) throw error;
      if (isDamaged(error)) markDamaged(this.#path);
      throw toDatabaseError(error, this.#path);
    }
  }
}

/** Opening a pipe without a reader would block forever. Windows has no such flag. */
// oxlint-disable-next-line no-unnecessary-condition
const creating = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NONBLOCK ?? 0);

/** Creates the file before SQLite does, which would let others read it. SQLite gives its other two files the same mode. */
function createFile(path: string): void {
  attempt('write', path, () => {
    makePrivateFolder(dirname(path));
    closeSync(openSync(path, creating, 0o600));
  });
}

/** Whether there is a file that this user cannot change, for example on a read-only file system. */
function isUnwritable(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    accessSync(path, constants.W_OK);
    accessSync(dirname(path), constants.W_OK);
    return false;
  } catch {
    return true;
  }
}

/** A file beside which SQLite cannot create others is read as one that nobody changes, unless its last changes are in such a file. */
const readOnlyUrl = (path: string): string =>
  existsSync(`${path}-wal`) ? path : `file:${encodeURI(path).replaceAll(/[?#]/g, encodeURIComponent)}?immutable=1`;

/** Whether a file is still damaged. */
function fails(connect: () => Connection): boolean {
  try {
    connect().close();
    return false;
  } catch (error) {
    return isDamaged(error);
  }
}

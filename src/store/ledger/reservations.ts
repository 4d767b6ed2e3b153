import {hostname} from 'node:os';
import process from 'node:process';
import * as v from 'valibot';
import type {Database} from '../database/database.js';
import {isRunning} from '../files/lock.js';

/** How long points stay set aside for a process that was killed on another machine, or that has stopped. */
const lifetimeMs = 10 * 60_000;

const Row = v.object({id: v.string(), host: v.string(), pid: v.number(), expires: v.number()});
const Sum = v.object({points: v.number()});

/** Points that are set aside for messages whose replies have not ended. Call its methods in a transaction. */
export class Reservations {
  readonly #database: Database;
  readonly #site: string;

  constructor(database: Database, site: string) {
    this.#database = database;
    this.#site = site;
  }

  /** @param client the program that the message is sent for */
  add(id: string, points: number, client: string | null): void {
    const now = Date.now();
    this.#database.run(
      'INSERT INTO reservations (id, site, points, sent_at, host, pid, expires, client) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      [id, this.#site, points, now, hostname(), process.pid, now + lifetimeMs, client],
    );
  }

  remove(id: string): void {
    this.#database.run('DELETE FROM reservations WHERE id = ?', [id]);
  }

  /** Keeps a reservation of a reply that takes long. */
  extend(id: string): void {
    this.#database.run('UPDATE reservations SET expires = ? WHERE id = ?', [Date.now() + lifetimeMs, id]);
  }

  /**
   * The points that are set aside since a time, without those of processes that have ended.
   * @param client only those for this program
   */
  sumSince(start: number, client: string | null): number {
    for (const row of this.#database.all(Row, 'SELECT id, host, pid, expires FROM reservations')) {
      if (isStale(row) && !this.#database.isReadOnly) this.remove(row.id);
    }
    const sum = this.#database.first(
      Sum,
      'SELECT coalesce(sum(points), 0) AS points FROM reservations WHERE site = ? AND sent_at >= ? AND (? IS NULL OR client = ?)',
      [this.#site, start, client, client],
    );
    return sum?.points ?? 0;
  }
}

const isStale = ({host, pid, expires}: v.InferOutput<typeof Row>): boolean =>
  expires < Date.now() || (host === hostname() && !isRunning(pid));

/** How often to extend a reservation. */
export const extensionMs = lifetimeMs / 4;

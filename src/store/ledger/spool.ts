import {closeSync, openSync, readdirSync, readSync, fstatSync} from 'node:fs';
import {join} from 'node:path';
import * as v from 'valibot';
import {AppendFile} from '../files/append-file.js';
import {makePrivateFolder} from '../files/folder.js';
import {Charge} from './charge.js';

/*
 * Charges are appended to a file of each day, and imported into the database when it is needed: loading SQLite takes longer than the
 * rest of a short send.
 */

const dayMs = 86_400_000;

/** The file of the day. Other processes may append to it at the same time. */
export class Spool {
  readonly #folder: string;
  #file: AppendFile | undefined;
  /** The day of the file, in days since 1970. */
  #day: number | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws the system's error */
  append(charge: Charge): void {
    const day = Math.floor(charge.sentAt / dayMs);
    if (!this.#file || this.#day !== day) {
      this.close();
      const name = `charges-${new Date(charge.sentAt).toISOString().slice(0, 10)}.jsonl`;
      this.#file = new AppendFile(join(this.#folder, name));
      this.#day = day;
    }
    this.#file.append(`${JSON.stringify(charge)}\n`, makePrivateFolder);
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }
}

/** The files of charges, oldest first. */
export function spoolFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^charges-\d{4}-\d\d-\d\d\.jsonl$/.test(name))
      .toSorted();
  } catch {
    return [];
  }
}

/** Whether no process appends to a file any more: its day is over everywhere. */
export const isFinished = (file: string): boolean =>
  Date.now() - Date.parse(file.slice('charges-'.length, -'.jsonl'.length)) > 3 * dayMs;

/**
 * Reads the charges that were appended after an offset.
 * @returns them, and the offset after the last complete line. Lines that cannot be read are left out
 */
export function readCharges(path: string, offset: number): {charges: Charge[]; end: number} {
  const bytes = readFrom(path, offset);
  const length = bytes.lastIndexOf('\n') + 1;
  const lines = bytes.toString('utf8', 0, length).split('\n');
  return {charges: lines.flatMap(parseCharge), end: offset + length};
}

function readFrom(path: string, offset: number): Buffer {
  const fd = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(Math.max(0, fstatSync(fd).size - offset));
    const count = readSync(fd, buffer, 0, buffer.length, offset);
    return buffer.subarray(0, count);
  } finally {
    closeSync(fd);
  }
}

function parseCharge(line: string): Charge[] {
  try {
    return line === '' ? [] : [v.parse(Charge, JSON.parse(line))];
  } catch {
    return [];
  }
}

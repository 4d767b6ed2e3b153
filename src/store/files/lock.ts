import {closeSync, openSync, rmSync, statSync, writeSync} from 'node:fs';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import {PoeError} from '../../core/errors.js';
import {isSystemError} from './errors.js';
import {readTextFile} from './read-file.js';
import {uniqueName} from './unique-name.js';

export interface LockOptions {
  /** An older lock is abandoned: no process holds one that long. So is one from the future, made with a wrong clock. Default: 10,000. */
  maxAgeMs?: number;
  /** Default: 5,000. */
  maxWaitMs?: number;
  signal?: AbortSignal | undefined;
}

const firstPauseMs = 4;
const maxPauseMs = 60;

/**
 * Takes a lock file, which excludes all other processes of this machine. A lock whose process has ended is removed.
 * @returns a function that releases the lock
 * @throws PoeError `store` after `maxWaitMs`; the system's error if the file cannot be created; the reason of the aborted signal
 */
export async function lock(
  path: string,
  {maxAgeMs = 10_000, maxWaitMs = 5_000, signal}: LockOptions = {},
): Promise<() => void> {
  const own = JSON.stringify({pid: process.pid, since: new Date().toISOString(), id: uniqueName()});
  const deadline = performance.now() + maxWaitMs;
  let clock: Clock | undefined;
  for (let pauseMs = firstPauseMs; !create(path, own); pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
    clock ??= fileClock(path);
    if (isAbandoned(path, clock, maxAgeMs)) removeAbandoned(path, clock, maxAgeMs);
    if (performance.now() > deadline) throw inUse(path);
    await sleep(pauseMs * (0.5 + Math.random()));
    signal?.throwIfAborted();
  }
  return () => {
    if (read(path) === own) rmSync(path, {force: true});
  };
}

/** Creates a file. @returns false if it exists */
function create(path: string, text: string): boolean {
  const file = openNew(path);
  if (file === undefined) return false;
  try {
    writeSync(file, text);
    return true;
  } catch (error) {
    rmSync(path, {force: true});
    throw error;
  } finally {
    closeSync(file);
  }
}

function openNew(path: string): number | undefined {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) return undefined;
    throw error;
  }
}

/** Removes an abandoned lock. Only one process may do it at a time: another one could remove the lock that the first then takes. */
function removeAbandoned(path: string, clock: Clock, maxAgeMs: number): void {
  const guard = `${path}.removal`;
  if (!create(guard, '')) {
    if (isOld(guard, clock, maxAgeMs)) rmSync(guard, {force: true});
    return;
  }
  try {
    if (isAbandoned(path, clock, maxAgeMs)) rmSync(path, {force: true});
  } finally {
    rmSync(guard, {force: true});
  }
}

function isAbandoned(path: string, clock: Clock, maxAgeMs: number): boolean {
  const pid = /^\{"pid":(\d+)[,}]/.exec(read(path))?.[1];
  return isOld(path, clock, maxAgeMs) || (pid !== undefined && !isRunning(Number(pid)));
}

/** Whether a process of this machine is running. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isSystemError(error, 'ESRCH');
  }
}

/** The content of a file; '' if it does not exist. */
function read(path: string): string {
  try {
    return readTextFile(path);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return '';
    if (isSystemError(error, 'ENOTFILE') || isSystemError(error, 'EISDIR')) throw notALock(path);
    throw error;
  }
}

/** Returns the current time in milliseconds. */
type Clock = () => number;

/** The clock of the file system, which may differ from this process's `Date.now()`. */
function fileClock(path: string): Clock {
  const temporary = `${path}.${uniqueName()}`;
  closeSync(openSync(temporary, 'wx', 0o600));
  try {
    const offsetMs = statSync(temporary).mtimeMs - performance.now();
    return () => offsetMs + performance.now();
  } finally {
    rmSync(temporary, {force: true});
  }
}

function isOld(path: string, clock: Clock, maxAgeMs: number): boolean {
  const file = statSync(path, {throwIfNoEntry: false});
  return file !== undefined && Math.abs(clock() - file.mtimeMs) > maxAgeMs;
}

const notALock = (path: string) =>
  new PoeError('store', `Could not lock ${path}: it is not a regular file`, {hint: 'Delete it.'});

const inUse = (path: string) =>
  new PoeError('store', `Could not lock ${path}: another process is using it`, {
    hint: 'Try again. If no other poe is running, delete that file.',
  });

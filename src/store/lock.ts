import {randomUUID} from 'node:crypto';
import {closeSync, openSync, readFileSync, rmSync, statSync, writeSync} from 'node:fs';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import {PoeError} from '../core/errors.js';
import {isSystemError} from './errors.js';

/** A lock older than this was left behind: nobody works that long under one. So was one of a time to come, by a wrong clock. */
const longestHeldMs = 10_000;
const longestWaitMs = 5_000;
const firstPauseMs = 4;
const longestPauseMs = 60;

/**
 * Takes a lock that is a file, among all processes of this machine. A lock whose process is gone is taken over.
 * @returns what lets it go again
 * @throws PoeError `store` after five seconds; the system's error when the file cannot be made
 */
export async function lock(path: string): Promise<() => void> {
  const mine = JSON.stringify({pid: process.pid, since: new Date().toISOString(), id: randomUUID()});
  const deadline = performance.now() + longestWaitMs;
  let clock: Clock | undefined;
  for (let pauseMs = firstPauseMs; !create(path, mine); pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    clock ??= diskClock(path);
    if (isAbandoned(path, clock)) removeAbandoned(path, clock);
    if (performance.now() > deadline) throw busy(path);
    await sleep(pauseMs * (0.5 + Math.random()));
  }
  return () => {
    if (contents(path) === mine) rmSync(path, {force: true});
  };
}

/** Whether the file was made; false when there is one already. */
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

/** One process at a time does this: a second one would remove the lock that the first took right afterwards. */
function removeAbandoned(path: string, clock: Clock): void {
  const guard = `${path}.removal`;
  if (!create(guard, '')) {
    if (isOld(guard, clock)) rmSync(guard, {force: true});
    return;
  }
  try {
    if (isAbandoned(path, clock)) rmSync(path, {force: true});
  } finally {
    rmSync(guard, {force: true});
  }
}

function isAbandoned(path: string, clock: Clock): boolean {
  const pid = /^\{"pid":(\d+)[,}]/.exec(contents(path))?.[1];
  return isOld(path, clock) || (pid !== undefined && !isRunning(Number(pid)));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isSystemError(error, 'ESRCH');
  }
}

/** '' when there is no such file. */
function contents(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return '';
    throw error;
  }
}

/** What time it is, in milliseconds. */
type Clock = () => number;

/** The clock that the times of files are taken from, whatever this process takes the time to be. */
function diskClock(path: string): Clock {
  const beside = `${path}.${randomUUID()}`;
  closeSync(openSync(beside, 'wx', 0o600));
  try {
    const aheadMs = statSync(beside).mtimeMs - performance.now();
    return () => aheadMs + performance.now();
  } finally {
    rmSync(beside, {force: true});
  }
}

function isOld(path: string, clock: Clock): boolean {
  const file = statSync(path, {throwIfNoEntry: false});
  return file !== undefined && Math.abs(clock() - file.mtimeMs) > longestHeldMs;
}

const busy = (path: string) =>
  new PoeError('store', `${path} is held by another process`, {
    hint: 'Try again; if no other poe is running, remove that file.',
  });

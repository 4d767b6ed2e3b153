import {fstatSync} from 'node:fs';
import {interruption} from '../core/errors.js';
import type {Io} from './io.js';

/** How long to wait for the first data on a socket if there is a message without it. */
const socketGraceMs = 1_000;

/**
 * Reads stdin to its end. Returns '' for a terminal or a device, unless stdin was requested. The program that started poe may have
 * left a socket open that it never writes to: unless stdin is needed, a socket has a second to send its first data.
 * @throws PoeError `interrupted`
 */
export async function readStdin(
  stdin: Io['stdin'],
  {isRequested, isNeeded}: {isRequested: boolean; isNeeded: boolean},
  signal: AbortSignal,
) {
  if (!isRequested && (stdin.isTTY || isDevice(stdin.fd))) return '';
  const mayGiveUp = !isRequested && !isNeeded && isSocket(stdin.fd);
  const giveUp = new AbortController();
  const timer = mayGiveUp ? setTimeout(() => giveUp.abort(), socketGraceMs) : undefined;
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of chunksUntil(stdin, AbortSignal.any([signal, giveUp.signal]))) {
      clearTimeout(timer);
      chunks.push(chunk);
    }
  } finally {
    clearTimeout(timer);
  }
  if (signal.aborted) throw interruption(signal);
  return Buffer.concat(chunks).toString('utf8');
}

/** Reads the first line of stdin, without waiting for more. Returns '' if there is none. */
export async function firstLine(stdin: Io['stdin'], signal: AbortSignal): Promise<string> {
  if (isDevice(stdin.fd)) return '';
  let text = '';
  for await (const chunk of chunksUntil(stdin, signal)) {
    text += chunk.toString('utf8');
    if (text.trimStart().includes('\n')) break;
  }
  return text.trim().split('\n', 1)[0]?.trim() ?? '';
}

/** The chunks of a stream, to its end or until the signal is aborted. */
async function* chunksUntil(stdin: Io['stdin'], signal: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
  const chunks = stdin[Symbol.asyncIterator]();
  const stopped = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), {once: true});
  });
  for (;;) {
    const next = await Promise.race([chunks.next(), stopped]);
    if (!next) {
      // The unread stream must not keep the process running.
      stdin.pause();
      if ('unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
      return;
    }
    if (next.done) return;
    yield typeof next.value === 'string' ? Buffer.from(next.value) : next.value;
  }
}

function statusOf(fd: number | undefined) {
  try {
    return fd === undefined ? undefined : fstatSync(fd);
  } catch {
    return undefined;
  }
}

/** Whether stdin is `/dev/null` or another device, or closed. */
const isDevice = (fd: number | undefined) => fd !== undefined && (statusOf(fd)?.isCharacterDevice() ?? true);

const isSocket = (fd: number | undefined) => statusOf(fd)?.isSocket() ?? false;

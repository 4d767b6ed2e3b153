import {fstatSync} from 'node:fs';
import {interruption, PoeError} from '../core/errors.js';
import type {Io} from './io.js';

/** The most text that is read. Messages on Poe are shorter; without a limit an endless input would use up the memory. */
const maxTextBytes = 10_000_000;
/** How long a socket has to send its first data if there is a message without it. */
const socketGraceMs = 1_000;
/** After this time without data, a note names the input that poe is waiting for. */
const waitingNoteMs = 1_000;

interface ReadOptions {
  signal: AbortSignal;
  /** Called once, when no data has arrived for a second. */
  onWaiting?: () => void;
}

interface TextOptions extends ReadOptions {
  /** Read even a terminal or a device. */
  isRequested?: boolean;
  /** There is nothing to do without the text. */
  isNeeded?: boolean;
  /** The next step if there is too much text or the input is binary. */
  hint?: string;
}

/**
 * Reads the text on stdin: UTF-8, or UTF-16 with a byte order mark. Returns '' for a terminal or a device, unless stdin was
 * requested. The program that started poe may have left a socket open that it never writes to: unless the text is needed, a socket
 * has a second to send its first data.
 * @throws PoeError `interrupted`, `too_large`; `usage` for binary input
 */
export async function readStdin(
  io: Pick<Io, 'stdin' | 'stdinFd'>,
  {isRequested = false, isNeeded = false, hint, signal, onWaiting}: TextOptions,
): Promise<string> {
  // A terminal is a device, too.
  if (!isRequested && isDevice(io.stdinFd)) return '';
  const {stdin} = io;
  if (!isRequested && (stdin.isTTY || isDevice(stdin.fd))) return '';
  const mayGiveUp = !isRequested && !isNeeded && isSocket(stdin.fd);
  const giveUp = new AbortController();
  const timer = mayGiveUp ? setTimeout(() => giveUp.abort(), socketGraceMs) : undefined;
  const input = new TextInput(hint);
  const stop = AbortSignal.any([signal, giveUp.signal]);
  try {
    for await (const chunk of chunksUntil(stdin, {signal: stop, onWaiting})) {
      clearTimeout(timer);
      input.add(chunk);
    }
  } finally {
    clearTimeout(timer);
  }
  if (signal.aborted) throw interruption(signal);
  return input.text();
}

/** Reads stdin as bytes, also from a terminal. @throws PoeError `interrupted` */
export async function* readStdinBytes(
  stdin: Io['stdin'],
  {signal, onWaiting}: ReadOptions,
): AsyncGenerator<Buffer, void, undefined> {
  yield* chunksUntil(stdin, {signal, onWaiting});
  if (signal.aborted) throw interruption(signal);
}

/** Reads the first line of stdin, without waiting for more. Returns '' if there is none. */
export async function firstLine(stdin: Io['stdin'], signal: AbortSignal): Promise<string> {
  if (isDevice(stdin.fd)) return '';
  const input = new TextInput();
  for await (const chunk of chunksUntil(stdin, {signal})) {
    input.add(chunk);
    if (chunk.includes('\n') && input.text().trimStart().includes('\n')) break;
  }
  return input.text().trim().split('\n', 1)[0]?.trim() ?? '';
}

/** Bytes that are to be text. */
class TextInput {
  readonly #chunks: Buffer[] = [];
  #length = 0;

  /** @param hint the next step if the bytes cannot be used */
  constructor(readonly hint?: string) {}

  /** @throws PoeError `too_large` */
  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.byteLength;
    if (this.#length <= maxTextBytes) return;
    throw new PoeError('too_large', `More than ${maxTextBytes / 1e6} MB of text on stdin`, {hint: this.hint});
  }

  /** @throws PoeError `usage` */
  text(): string {
    const bytes = Buffer.concat(this.#chunks);
    const text = decode(bytes);
    if (text === undefined || text.includes('\0')) throw this.#notText();
    return text;
  }

  #notText(): PoeError {
    return new PoeError('usage', 'The input on stdin is not UTF-8 text', {hint: this.hint});
  }
}

/** Undefined if the bytes are not text. A byte order mark is removed; an incomplete character at the end is dropped. */
function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder(encodingOf(bytes), {fatal: true}).decode(bytes, {stream: true});
  } catch {
    return undefined;
  }
}

function encodingOf([first, second]: Buffer): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

/** The chunks of a stream, to its end or until the signal is aborted. */
async function* chunksUntil(
  stdin: Io['stdin'],
  {signal, onWaiting}: ReadOptions,
): AsyncGenerator<Buffer, void, undefined> {
  const chunks = stdin[Symbol.asyncIterator]();
  const stopped = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), {once: true});
  });
  let isEnded = false;
  let hasNotified = onWaiting === undefined;
  const notify = () => {
    hasNotified = true;
    onWaiting?.();
  };
  try {
    for (;;) {
      const timer = hasNotified ? undefined : setTimeout(notify, waitingNoteMs);
      const next = await Promise.race([chunks.next().catch(throwUnreadable), stopped]).finally(() =>
        clearTimeout(timer),
      );
      isEnded = next?.done === true;
      if (!next || next.done) return;
      yield typeof next.value === 'string' ? Buffer.from(next.value) : next.value;
    }
  } finally {
    if (!isEnded) release(stdin);
  }
}

function throwUnreadable(error: unknown): never {
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
  throw new PoeError('file', `Could not read stdin${code}`, {hint: 'Redirect it from a file or pipe.', cause: error});
}

/** A stream that is not read to its end must not keep the process running. */
function release(stdin: Io['stdin']): void {
  stdin.pause();
  if ('unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
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

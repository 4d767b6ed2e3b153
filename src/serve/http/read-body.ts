import type {IncomingMessage} from 'node:http';
import {ServeError} from '../errors/serve-error.js';
import type {Limits} from './limits.js';

/** Reads the bodies of requests, whose size is limited, each and all together. */
export class BodyReader {
  readonly #limits: Pick<Limits, 'bodyBytes' | 'allBodiesBytes'>;
  #held = 0;

  constructor(limits: Pick<Limits, 'bodyBytes' | 'allBodiesBytes'>) {
    this.#limits = limits;
  }

  /** Before a program may send its body. @throws ServeError if that is too large */
  checkLength({headers}: IncomingMessage): void {
    const {bodyBytes} = this.#limits;
    if (Number(headers['content-length'] ?? 0) > bodyBytes) throw tooLarge(bodyBytes);
  }

  /** @throws ServeError if it is too large, or does not arrive */
  async read(request: IncomingMessage): Promise<Buffer> {
    const {bodyBytes, allBodiesBytes} = this.#limits;
    const chunks: Buffer[] = [];
    let length = 0;
    const add = (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.byteLength;
      this.#held += chunk.byteLength;
      if (length > bodyBytes) throw tooLarge(bodyBytes);
      if (this.#held > allBodiesBytes) throw tooMany();
    };
    try {
      await eachChunk(request, add);
      return Buffer.concat(chunks, length);
    } finally {
      this.#held -= length;
    }
  }
}

/** As `for await`, which would close the connection after an error, so that it could not be reported. */
function eachChunk(request: IncomingMessage, onChunk: (chunk: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (error: Error) => {
      request.off('data', onData);
      reject(error);
    };
    const onData = (chunk: Buffer) => {
      try {
        onChunk(chunk);
      } catch (error) {
        stop(error instanceof Error ? error : new Error('Not read'));
      }
    };
    request.on('data', onData);
    request.once('end', resolve);
    request.once('error', stop);
    request.once('close', () => reject(new Error('The connection was closed')));
  });
}

/** The JSON object in a body. @throws ServeError */
export function parseJsonBody(body: Buffer): unknown {
  try {
    // A parser's message would quote the body.
    return JSON.parse(new TextDecoder('utf-8', {fatal: true}).decode(body));
  } catch {
    throw new ServeError(400, 'The body of the request is not valid JSON.', {
      kind: 'invalid_request',
      code: 'invalid_json',
    });
  }
}

/** Lets a program that is still sending finish, so that it reads the response. Gives up after a moment. */
export async function discardBody(request: IncomingMessage, ms = 1_000): Promise<void> {
  if (request.complete || request.destroyed) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    const stop = () => {
      clearTimeout(timer);
      resolve();
    };
    request.once('close', stop).once('end', stop).resume();
  });
}

const tooLarge = (limit: number): ServeError =>
  new ServeError(413, `The body of the request is larger than ${limit / 1024 / 1024} MiB.`, {kind: 'too_large'});

const tooMany = (): ServeError =>
  new ServeError(503, 'The server is receiving too much at the same time. Try again in a moment.', {
    kind: 'rate_limited',
    retryAfterS: 1,
  });

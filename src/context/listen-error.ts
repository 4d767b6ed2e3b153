import {PoeError} from '../core/errors.js';

/** What to say when a server could not be started: `usage` where its port cannot be had, else the error itself. */
export function listenError(error: unknown, port: number | undefined): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return error;
  const why = code === 'EACCES' ? 'needs more rights than you have' : 'is taken by another program';
  return new PoeError('usage', `The port ${port} ${why}`, {
    hint: 'Choose another one, or leave --port out.',
    cause: error,
  });
}

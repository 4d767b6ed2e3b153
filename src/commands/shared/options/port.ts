import {InvalidArgumentError} from 'commander';
import {PoeError} from '../../../core/errors.js';

/** Parses the number of a port. */
export function parsePort(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number <= 65_535) return number;
  throw new InvalidArgumentError('Expected a port number from 0 to 65535.');
}

/** `usage` if the port cannot be used, else the error itself. */
export function portError(error: unknown, port: number | undefined): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return error;
  const why = code === 'EACCES' ? 'requires more privileges' : 'is already in use';
  return new PoeError('usage', `Port ${port} ${why}`, {
    hint: 'Choose another port, or omit --port.',
    cause: error,
  });
}

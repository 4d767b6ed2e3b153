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
  const code = codeOf(error);
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return error;
  const why = code === 'EACCES' ? 'requires more privileges' : 'is already in use';
  return new PoeError('usage', `Port ${port} ${why}`, {
    hint: 'Choose another port, or omit --port.',
    cause: error,
  });
}

/** As `portError`, also if this machine does not have the address. */
export function addressError(error: unknown, port: number | undefined, address: string | undefined): unknown {
  if (address === undefined || !unknownAddress.has(codeOf(error))) return portError(error, port);
  return new PoeError('usage', `This machine has no address ${JSON.stringify(address)}`, {
    hint: 'Use one of its IP addresses, or 0.0.0.0 for all of them.',
    cause: error,
  });
}

const unknownAddress: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'EAI_AGAIN', 'EINVAL', 'ENOTFOUND']);

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

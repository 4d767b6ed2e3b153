import process from 'node:process';

/**
 * A part of a file name that no other process uses, in letters, digits and a hyphen. It can be guessed: use it only in folders to
 * which nobody else can write. Loading node:crypto for a better one takes 3 ms.
 */
export const uniqueName = (): string => `${process.pid.toString(36)}-${Math.random().toString(36).slice(2)}`;

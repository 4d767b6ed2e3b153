import {type Command, InvalidArgumentError} from 'commander';

export interface RetriesFlags {
  retries?: number;
}

const maxRetries = 20;

export const addRetries = (command: Command): Command =>
  command.option('--retries <n>', 'Resend up to n times even if each may be charged', parseRetries);

function parseRetries(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number <= maxRetries) return number;
  throw new InvalidArgumentError(`Expected a whole number from 0 to ${maxRetries}.`);
}

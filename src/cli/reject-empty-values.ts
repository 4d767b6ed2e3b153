import type {Command} from 'commander';
import {PoeError} from '../core/errors.js';

/** What a value is, by its name in the help. An empty one of these is never meant: it is a variable of a script that is not set. */
const nouns = new Map([
  ['address', 'address'],
  ['file', 'path'],
  ['folder', 'path'],
  ['name...', 'name'],
  ['path', 'path'],
  ['script', 'path'],
  ['url...', 'URL'],
]);

/** Refuses empty paths and addresses, which would mean the current folder or all addresses. @throws PoeError `usage` */
export function rejectEmptyValues(command: Command): void {
  // Commander stores an option that a parent command has, too, with the parent.
  const values = command.optsWithGlobals<Record<string, unknown>>();
  for (const option of command.options) {
    const noun = nouns.get(/<(.+)>$/.exec(option.flags)?.[1] ?? '');
    if (noun && isEmpty(values[option.attributeName()])) {
      throw empty(`The ${noun} of ${option.long ?? option.flags} is empty`, command);
    }
  }
  for (const [index, argument] of command.registeredArguments.entries()) {
    const noun = nouns.get(argument.name());
    if (noun && isEmpty(command.processedArgs[index])) {
      throw empty(`The ${noun} <${argument.name()}> is empty`, command);
    }
  }
}

const isEmpty = (value: unknown): boolean => (Array.isArray(value) ? value.includes('') : value === '');

function empty(message: string, command: Command): PoeError {
  const path = [];
  for (let each: Command | null = command; each?.parent; each = each.parent) path.unshift(each.name());
  return new PoeError('usage', message, {remedy: 'show_help', command: path.join(' ')});
}

import {InvalidArgumentError} from 'commander';
import {parseId} from '../../../core/names/id.js';
import type {MessageRef} from '../../../core/options.js';

/** Parses the ID of a message, or `last`. For arguments and options of commander. */
export function parseMessageRef(value: string): MessageRef {
  const ref = value === 'last' ? value : parseId(value);
  if (ref === undefined) throw new InvalidArgumentError('Expected a message ID, which is a number, or "last".');
  return ref;
}

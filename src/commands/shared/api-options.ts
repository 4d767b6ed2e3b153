import {type Command, InvalidArgumentError, Option} from 'commander';
import {PoeError} from '../../core/errors.js';

/** What only Poe's API can be told of a message. */
export interface KeyFlags {
  param?: Record<string, string>;
  protocol?: 'openai' | 'native';
}

export function addApiOptions(command: Command): Command {
  return command
    .option('--param <name=value>', 'Bot parameter (repeatable; API key only)', parameter)
    .addOption(
      new Option('--protocol <protocol>', 'API protocol: openai or native (API key only)').choices([
        'openai',
        'native',
      ]),
    );
}

/** What the session of a browser has no way to do is refused before anything is sent. @throws PoeError */
export function rejectApiOnlyOptions({param, protocol}: KeyFlags): void {
  if (!param && !protocol) return;
  throw new PoeError('not_logged_in', `${param ? 'Parameters need' : 'A protocol can be chosen with'} an API key`, {
    hint: 'Log in with: poe login --api-key. Where there is a session too, add --via api.',
  });
}

function parameter(value: string, before: Record<string, string> = {}): Record<string, string> {
  const [, name, rest] = /^([\w.-]+)=(.*)$/s.exec(value) ?? [];
  if (name === undefined || rest === undefined) throw new InvalidArgumentError('Expected name=value.');
  return {...before, [name]: rest};
}

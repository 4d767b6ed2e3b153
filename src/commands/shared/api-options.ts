import {type Command, InvalidArgumentError, Option} from 'commander';
import {settings} from '../../context/settings/definitions.js';
import type {Protocol} from '../../core/options.js';

/** Options of a message that require an API key. */
export interface ApiFlags {
  param?: Record<string, string>;
  protocol?: Protocol;
}

export function addApiOptions(command: Command): Command {
  return command
    .option('--param <name=value>', 'Bot parameter (repeatable; API key only)', parameter)
    .addOption(
      new Option('--protocol <protocol>', 'openai, native, messages or responses (API key only)').choices(
        settings.protocol.choices,
      ),
    );
}

function parameter(value: string, before: Record<string, string> = {}): Record<string, string> {
  const [, name, rest] = /^([\w.-]+)=(.*)$/s.exec(value) ?? [];
  if (name === undefined || rest === undefined) throw new InvalidArgumentError('Expected name=value.');
  return {...before, [name]: rest};
}

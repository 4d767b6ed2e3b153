import {type Command, Option} from 'commander';
import type {MessageRef} from '../../../core/options.js';
import {nameAndValue} from './bot-options.js';
import {parseMessageRef} from './message-ref.js';
import {onPage} from './option-pages.js';

/** Options of a message that change its text or its reply. */
export interface MessageTextFlags {
  template?: string;
  var?: Record<string, string>;
  schema?: string;
  /** False for `--no-repair`. */
  repair?: boolean;
  replyTo?: MessageRef;
  detach?: boolean;
}

export function addMessageOptions(command: Command): Command {
  const options = [
    new Option('-t, --template <template>', 'Use a template: its name, or the path of its file'),
    new Option('--var <name=value>', 'Set a variable of the template (repeatable)').argParser(nameAndValue),
    new Option('--schema <schema>', 'Print JSON that matches: a .json file, or fields (name, age int)'),
    new Option('--no-repair', 'Do not ask again if the JSON does not match the schema'),
    new Option('--reply-to <message>', 'Reply to a message of the chat: its ID, or "last"').argParser(parseMessageRef),
    new Option('--detach', 'Do not wait for the reply: print its chat, for poe attach'),
    new Option('--notify', 'Ring the bell or show a notification when the reply is there'),
  ];
  for (const option of options) command.addOption(onPage(option, 'Message options'));
  return command;
}

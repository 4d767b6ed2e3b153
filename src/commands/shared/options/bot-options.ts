import {type Command, InvalidArgumentError, Option} from 'commander';
import {settings} from '../../../context/settings/definitions.js';
import {onPage} from './option-pages.js';
import type {Effort, Protocol, RetryOptions} from '../../../core/options.js';

/** Options of a message that its bot receives. */
export interface BotFlags {
  param?: Record<string, string>;
  effort?: Effort;
  temperature?: string;
  maxTokens?: string;
  stop?: string;
  protocol?: Protocol;
}

/** Options of a message that starts a chat. */
export interface NewChatFlags {
  system?: string;
  temporary?: boolean;
}

const inBotOptions = (option: Option): Option => onPage(option, 'Bot options');

export function addBotOptions(command: Command): Command {
  const options = [
    new Option('--effort <level>', 'How hard the bot thinks: low, medium or high').choices([
      'low',
      'medium',
      'high',
    ] satisfies Effort[]),
    new Option('--temperature <n>', 'Randomness, usually from 0 to 2 (API key only)').argParser(number),
    new Option('--max-tokens <n>', 'Maximum length of the reply in tokens (API key only)').argParser(number),
    new Option('--stop <text>', 'End the reply before this text (API key only)').argParser(notBlank),
    new Option('--param <name=value>', 'Parameter that bot-info --params lists (repeatable)').argParser(nameAndValue),
    new Option('--protocol <protocol>', 'How to call the API (default: by the kind of bot)').choices(
      settings.protocol.choices,
    ),
  ];
  for (const option of options) command.addOption(inBotOptions(option));
  return command;
}

export function addNewChatOptions(command: Command): Command {
  return command
    .addOption(inBotOptions(new Option('--system <text>', 'System prompt, or @ and the path of a text file')))
    .addOption(inBotOptions(new Option('--temporary', 'Start a chat that is not stored or listed')));
}

/** The instructions of `--system`: its text, or that of a file. @throws PoeError */
export async function readSystem(text: string | undefined): Promise<string | undefined> {
  if (text === undefined) return undefined;
  const {readTextArgument} = await import('../../../context/text-argument.js');
  return readTextArgument(text, '--system');
}

/** The options of a message from its flags. @param others parameters that other flags set */
export function botOptions(
  {param, temperature, maxTokens, stop, effort, protocol}: BotFlags,
  others: Readonly<Record<string, string>> = {},
): RetryOptions {
  const named = Object.entries({temperature, max_tokens: maxTokens, stop, ...others, ...param}).flatMap(
    ([name, value]) => (value === undefined ? [] : [[name, value] as const]),
  );
  return {
    ...(named.length > 0 && {parameters: Object.fromEntries(named)}),
    ...(effort && {effort}),
    ...(protocol && {protocol}),
  };
}

function number(value: string): string {
  if (value.trim() !== '' && Number.isFinite(Number(value))) return value;
  throw new InvalidArgumentError('Expected a number.');
}

function notBlank(value: string): string {
  if (value.trim() !== '') return value;
  throw new InvalidArgumentError('Expected text that is not only spaces.');
}

/** Collects `name=value`. For options of commander. */
export function nameAndValue(value: string, before: Record<string, string> = {}): Record<string, string> {
  const [, name, rest] = /^([\p{L}\p{M}\p{N}_.-]+)=(.*)$/su.exec(value) ?? [];
  if (name === undefined || rest === undefined) throw new InvalidArgumentError('Expected name=value.');
  return {...before, [name]: rest};
}

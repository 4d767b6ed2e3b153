import type {Command} from 'commander';
import {isSettingKey, type SettingKey} from '../context/settings/definitions.js';
import type {Context} from '../context/context.js';

/** Settings that are used where they are needed, because they depend on the backend, the chat or the environment. */
const notAsOptions: ReadonlySet<SettingKey> = new Set(['bot', 'via', 'protocol', 'max-points', 'timeout']);

/** Variables of the environment that override settings. */
const variables: Partial<Record<SettingKey, string>> = {
  notify: 'POE_NOTIFY',
  'screen-reader': 'INK_SCREEN_READER',
};

/** Settings that apply to chats only, although other commands have an option with their name. */
const ofChats: ReadonlySet<SettingKey> = new Set(['notify']);

/** Limits on what a message may cost. */
const limits: ReadonlySet<SettingKey> = new Set(['max-points', 'ask-above', 'retries']);

/** These commands do not use settings, and work with a damaged file. */
const withoutSettings: ReadonlySet<string> = new Set(['config', 'completion', 'sandbox', 'help']);

/** Gives the options of a command that the command line does not set the values of the settings with their names. */
export function applySettings(command: Command, {settings, io}: Context): void {
  if (!usesSettings(command)) return;
  for (const [key, name] of optionsOf(command)) {
    const value = notAsOptions.has(key) || io.env[variables[key] ?? ''] ? undefined : settings.stored(key);
    if (value !== undefined) command.setOptionValueWithSource(name, value, 'config');
  }
}

/**
 * Prints what is wrong with the settings.
 * @throws PoeError `store` before a message is sent without the limit that the user has set
 */
export function reportSettings(command: Command, {settings, output}: Context): void {
  if (!usesSettings(command)) return;
  settings.requireLimits(optionsOf(command).flatMap(([key]) => (limits.has(key) ? key : [])));
  if (!output.isJson) settings.report((text) => output.note(text));
}

/** Whether a command depends on settings, and on the site that is used. */
export function usesSettings(command: Command): boolean {
  const {parent} = command;
  return parent?.parent ? usesSettings(parent) : !withoutSettings.has(command.name());
}

/** The settings that are options of a command, and are not set by the command line. */
const optionsOf = (command: Command): [SettingKey, string][] =>
  command.options.flatMap((option): [SettingKey, string][] => {
    const key = option.long?.replace('--', '') ?? '';
    const name = option.attributeName();
    const applies = isSettingKey(key) && (command.name() === 'chat' || !ofChats.has(key));
    return applies && command.getOptionValueSource(name) !== 'cli' ? [[key, name]] : [];
  });

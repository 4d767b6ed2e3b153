import {InvalidArgumentError} from 'commander';
import {type SettingKey, settings, type SettingValues} from '../../../context/settings/definitions.js';

/** Parses the value of the option with the name of a setting, by the same rules. */
export const settingParser =
  <Key extends SettingKey>(key: Key) =>
  (text: string): NonNullable<SettingValues[Key]> => {
    const value = settings[key].parse(text);
    if (value === undefined || value === null) throw new InvalidArgumentError(`Expected ${settings[key].allowed}.`);
    return value;
  };

import {PoeError} from '../../core/errors.js';
import {suggest} from '../../core/names/suggest.js';
import {
  readSettings,
  settingsPath,
  type StoredSettings,
  unusable,
  updateSettings,
  writeSchema,
} from '../../store/settings-file.js';
import {settingsSchema} from './schema.js';
import {checkSetting, isSettingKey, type SettingKey, settingKeys, settings, type SettingValues} from './definitions.js';

/** What is wrong with the file. */
export interface SettingsProblem {
  /** The setting with a wrong value; undefined if the whole file cannot be used, or the key is unknown. */
  key?: SettingKey;
  message: string;
  /** The next step. */
  hint: string;
  isWholeFile?: true;
}

/** At most this many problems are listed. */
const maxShown = 3;

/** The user's settings. The file is read when the first value is needed, and never fails a command by itself. */
export class Settings {
  readonly path: string;
  #read: {values: StoredSettings; problems: SettingsProblem[]} | undefined;
  #isReported = false;

  /** @param folder of the file */
  constructor(folder: string) {
    this.path = settingsPath(folder);
  }

  /** The value of a setting, or its default. */
  get<Key extends SettingKey>(key: Key): SettingValues[Key] {
    return this.stored(key) ?? settings[key].default;
  }

  /** The value in the file; undefined if there is none or it is not allowed. */
  stored<Key extends SettingKey>(key: Key): SettingValues[Key] | undefined {
    const {values} = this.#file();
    return values.has(key) ? checkSetting(key, values.get(key)) : undefined;
  }

  /** Whether the file contains a key. */
  has(key: string): boolean {
    return this.#file().values.has(key);
  }

  /** What is wrong with the file. */
  get problems(): readonly SettingsProblem[] {
    return this.#file().problems;
  }

  /** Prints what is wrong with the file, once. */
  report(note: (text: string) => void): void {
    if (this.#isReported) return;
    this.#isReported = true;
    for (const {message, hint} of this.problems.slice(0, maxShown)) note(`${message}. ${hint}`);
    const more = this.problems.length - maxShown;
    if (more > 0)
      note(`${more} more ${more === 1 ? 'problem' : 'problems'} in ${this.path}. To correct it: poe config edit`);
  }

  /**
   * Refuses to go on if a limit on what a message may cost cannot be read.
   * @param keys the limits that the command line does not set
   * @throws PoeError `store`
   */
  requireLimits(keys: readonly SettingKey[]): void {
    const problem = this.problems.find(
      ({key, isWholeFile}) => isWholeFile ?? (key !== undefined && keys.includes(key)),
    );
    if (keys.length > 0 && problem) throw toError(problem);
  }

  /** Stores a value, or removes it if it is undefined. @throws PoeError `store` */
  async change(key: string, value: SettingValues[SettingKey]): Promise<void> {
    await updateSettings(this.path, (values) => {
      if (value === undefined) values.delete(key);
      else values.set(key, value);
    });
    this.#read = undefined;
  }

  /** Creates the file if there is none, and a schema for editors beside it. @throws PoeError `store` */
  async prepareFile(): Promise<void> {
    await writeSchema(this.path, settingsSchema());
  }

  /** The file may have changed. */
  reload(): void {
    this.#read = undefined;
    this.#isReported = false;
  }

  #file(): {values: StoredSettings; problems: SettingsProblem[]} {
    return (this.#read ??= this.#readFile());
  }

  #readFile() {
    const values = readSettings(this.path);
    if ('problem' in values) {
      const {message} = unusable(this.path, values.problem);
      const hint = 'To correct it: poe config edit';
      return {values: new Map(), problems: [{message, hint, isWholeFile: true as const}]};
    }
    return {values, problems: [...values].flatMap(([key, value]) => this.#problemOf(key, value) ?? [])};
  }

  #problemOf(key: string, value: unknown): SettingsProblem | undefined {
    // Editors find the schema by it.
    if (key === '$schema') return undefined;
    if (!isSettingKey(key))
      return {message: `Unknown setting ${JSON.stringify(key)} in ${this.path}`, hint: instead(key)};
    if (checkSetting(key, value) !== undefined) return undefined;
    const shown = JSON.stringify(value).slice(0, 80);
    return {
      key,
      message: `Invalid value ${shown} for ${key} in ${this.path}`,
      hint: `Expected ${settings[key].allowed}.`,
    };
  }
}

/** The error for a value or a file that is needed. */
export const toError = ({message, hint, isWholeFile}: SettingsProblem): PoeError =>
  new PoeError('store', message, isWholeFile ? {remedy: 'edit_settings'} : {hint});

/** @throws PoeError `usage` if there is no such setting */
export function requireSettingKey(key: string): SettingKey {
  if (isSettingKey(key)) return key;
  const similar = suggest(key, settingKeys);
  const suggestion = similar === undefined ? '' : `. Did you mean ${similar}?`;
  throw new PoeError('usage', `Unknown setting ${JSON.stringify(key)}${suggestion}`, {
    hint: `Settings: ${settingKeys.join(', ')}`,
  });
}

function instead(key: string): string {
  const similar = suggest(key, settingKeys);
  return similar === undefined ? 'To list the settings: poe config list' : `Did you mean ${similar}?`;
}
